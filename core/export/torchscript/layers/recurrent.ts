import type { LayerScript, WriteLayer } from '../layer-script.ts';

/** Its module has a method `run` that gives the outputs of all steps and the hidden state after the last. */
export const recurrentLayers: ReadonlySet<string> = new Set(['RNN', 'GRU', 'LSTM']);

export const recurrentScripts: Readonly<Record<string, WriteLayer>> = {
  RNN: (script) => run(script, `rnn_${String(script.options['nonlinearity'])}`),
  GRU: (script) => run(script, 'gru'),
  LSTM: (script) => run(script, 'lstm'),
};

/** From a state of zeros. Gives the sequence [batch, length, features] and the hidden state [batch, layers, features]. */
function run(script: LayerScript, name: string): string {
  const { x, options } = script;
  const both = options['bidirectional'] === true;
  const layers = options['num_layers'] as number;
  const hidden = options['hidden_size'] as number;
  const projected =
    typeof options['proj_size'] === 'number' && options['proj_size'] > 0 ? options['proj_size'] : hidden;
  const weights = Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) =>
    (both ? ['', '_reverse'] : ['']).flatMap((direction) =>
      ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr']
        .map((kind) => `${kind}_l${layer}${direction}`)
        .filter((tensor) => script.has(tensor))
        .map((tensor) => script.tensor(tensor)),
    ),
  );
  const zeros = (size: number): string => `${x}.new_zeros([${layers * (both ? 2 : 1)}, ${x}.size(0), ${size}])`;
  const state = name === 'lstm' ? `[${zeros(projected)}, ${zeros(hidden)}]` : zeros(hidden);
  const hasBias = options['bias'] === true ? 'True' : 'False';
  const rest = [hasBias, layers, '0.0', 'False', both ? 'True' : 'False', 'True'];
  const made = script.let(`torch.${name}(${[x, state, `[${weights.join(', ')}]`, ...rest].join(', ')})`);
  return `(${made}[0], torch.transpose(${made}[1], 0, 1))`;
}
