import type { RecurrentOptions } from '../../../catalogue/recurrent.ts';
import { int, text, texts } from '../model.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { packed, packedName } from '../recurrent-weights.ts';
import type { PackedKind } from '../recurrent-weights.ts';
import { projectedDirection } from './projected-lstm.ts';

export const recurrent: Readonly<Record<string, LayerWriter>> = {
  RNN: (layer, x) => runRecurrent(layer, x).sequence,
  GRU: (layer, x) => runRecurrent(layer, x).sequence,
  LSTM: (layer, x) => runRecurrent(layer, x).sequence,
};

export interface RecurrentTensors {
  /** [batch, length, features] */
  readonly sequence: string;
  /** The state after the last step, for each layer and direction: [batch, layers · directions, features]. */
  readonly hidden: string;
}

/** All layers on top of each other, from a state of zeros. */
export function runRecurrent(layer: LayerToWrite, x: string): RecurrentTensors {
  const { graph, resolved } = layer;
  const { num_layers: layers, bidirectional } = resolved.options as unknown as RecurrentOptions;
  const directions = bidirectional ? ['', '_reverse'] : [''];
  // ONNX has the steps first.
  let steps = graph.transpose(x, [1, 0, 2]);
  const states: string[] = [];
  for (let number = 0; number < layers; number++) {
    const suffixes = directions.map((direction) => `_l${number}${direction}`);
    const run = oneLayer(layer, steps, number, suffixes);
    steps = run.sequence;
    states.push(...run.states);
  }
  return {
    sequence: graph.transpose(steps, [1, 0, 2]),
    hidden: graph.transpose(graph.concatenate(states, 0), [1, 0, 2]),
  };
}

interface LayerRun {
  /** [length, batch, features] */
  readonly sequence: string;
  /** [directions, batch, features], or one of a direction each. */
  readonly states: readonly string[];
}

/** `suffixes` of the names of its weights, one a direction. */
function oneLayer(layer: LayerToWrite, steps: string, number: number, suffixes: readonly string[]): LayerRun {
  const { graph, resolved } = layer;
  const { proj_size: projected = 0 } = resolved.options as unknown as RecurrentOptions;
  if (projected > 0) {
    const runs = suffixes.map((suffix) => projectedDirection(layer, steps, suffix));
    return {
      sequence: graph.concatenate(
        runs.map(({ sequence }) => sequence),
        2,
      ),
      states: runs.map(({ state }) => graph.node('Unsqueeze', [state, graph.ints([0])])),
    };
  }
  return operatorLayer(layer, steps, number, suffixes.length);
}

/** ONNX's own RNN, GRU or LSTM. */
function operatorLayer(layer: LayerToWrite, steps: string, number: number, directions: number): LayerRun {
  const { graph, resolved } = layer;
  const { hidden_size: hidden } = resolved.options as unknown as RecurrentOptions;
  const weights = (kind: PackedKind) =>
    layer.made(packedName(kind, number), () => packed(resolved, kind, number, layer.stored));
  const bias = layer.has('bias_ih_l0') ? weights('B') : '';
  const [made, state] = graph.severalOf(resolved.layer, [steps, weights('W'), weights('R'), bias], 2, {
    hidden_size: int(hidden),
    direction: text(directions === 2 ? 'bidirectional' : 'forward'),
    ...operatorAttributes(layer, directions),
  });
  // [length, directions, batch, features]
  const side = graph.transpose(made!, [0, 2, 1, 3]);
  return { sequence: graph.node('Reshape', [side, graph.ints([0, 0, -1])]), states: [state!] };
}

function operatorAttributes({ resolved, options }: LayerToWrite, directions: number) {
  if (resolved.layer === 'GRU') return { linear_before_reset: int(1) };
  if (resolved.layer === 'LSTM') return {};
  const word = options['nonlinearity'] === 'relu' ? 'Relu' : 'Tanh';
  return { activations: texts(new Array<string>(directions).fill(word)) };
}
