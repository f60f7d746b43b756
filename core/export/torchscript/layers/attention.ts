import type { LayerScript, WriteLayer } from '../layer-script.ts';

export const attentionScripts: Readonly<Record<string, WriteLayer>> = {
  MultiheadAttention: (script) => {
    const [query = '', key = query, value = key] = script.inputs;
    const heads = script.options['num_heads'] as number;
    const dim = script.options['embed_dim'] as number;
    return attend(script, '', [query, key, value], { dim, heads, isCausal: script.boolean('is_causal') });
  },
  SelfAttention: selfAttention,
  TransformerEncoderLayer: (script) => encoderLayer(script, '', script.x, script.boolean('is_causal')),
  TransformerDecoderLayer: (script) => {
    return decoderLayer(script, '', script.x, script.inputs[1]!, script.boolean('is_causal'));
  },
  TransformerEncoder: (script) => {
    return encoder(script, '', script.x, script.options['num_layers'] as number, script.boolean('is_causal'));
  },
  TransformerDecoder: (script) => {
    const layers = script.options['num_layers'] as number;
    return decoder(script, '', script.x, script.inputs[1]!, layers, script.boolean('is_causal'));
  },
  Transformer: (script) => {
    const { options } = script;
    const memory = encoder(script, 'encoder.', script.x, options['num_encoder_layers'] as number, false);
    const layers = options['num_decoder_layers'] as number;
    return decoder(script, 'decoder.', script.inputs[1]!, memory, layers, script.boolean('is_causal'));
  },
};

interface Heads {
  readonly dim: number;
  readonly heads: number;
  readonly isCausal: boolean;
}

/** nn.MultiheadAttention with the batch first; `at`: where its tensors lie, `self_attn.`. */
function attend(
  script: LayerScript,
  at: string,
  [query, key, value]: readonly [string, string, string],
  { dim, heads, isCausal }: Heads,
): string {
  const project = (input: string, part: number, own: string): string => {
    const slice = (name: string): string =>
      script.has(name) ? `torch.narrow(${script.tensor(name)}, 0, ${part * dim}, ${dim})` : 'None';
    const weight = script.has(`${at}in_proj_weight`) ? slice(`${at}in_proj_weight`) : script.tensor(`${at}${own}`);
    return script.let(`torch.linear(${input}, ${weight}, ${slice(`${at}in_proj_bias`)})`);
  };
  const q = project(query, 0, 'q_proj_weight');
  let k = project(key, 1, 'k_proj_weight');
  let v = project(value, 2, 'v_proj_weight');
  let added = 0;
  const append = (keys: string, values: string): void => {
    k = script.let(`torch.cat([${k}, ${keys}], 1)`);
    v = script.let(`torch.cat([${v}, ${values}], 1)`);
    added += 1;
  };
  const batch = `${query}.size(0)`;
  if (script.has(`${at}bias_k`)) {
    const each = (name: string): string => `${script.tensor(`${at}${name}`)}.expand([${batch}, 1, ${dim}])`;
    append(each('bias_k'), each('bias_v'));
  }
  if (script.boolean('add_zero_attn')) {
    const zeros = `${query}.new_zeros([${batch}, 1, ${dim}])`;
    append(zeros, zeros);
  }
  const attended = inHeads(script, [q, k, v], heads, isCausal ? mask(script, query, key, added) : 'None');
  return `torch.linear(${attended}, ${script.tensor(`${at}out_proj.weight`)}, ${script.tensor(`${at}out_proj.bias`)})`;
}

/** True where a place may look: itself, those before, and what was appended. */
function mask(script: LayerScript, query: string, key: string, added: number): string {
  const later = `torch.triu(${query}.new_ones([${query}.size(1), ${key}.size(1)]), 1)`;
  return script.let(`torch.pad(${later}, [0, ${added}]) == 0.0`);
}

function inHeads(script: LayerScript, parts: readonly string[], heads: number, allowed: string): string {
  const split = parts.map((part) =>
    script.let(`${part}.reshape([${part}.size(0), ${part}.size(1), ${heads}, -1]).transpose(1, 2)`),
  );
  const made = script.let(`torch.scaled_dot_product_attention(${split.join(', ')}, ${allowed}, 0.0, False)`);
  return `torch.flatten(torch.transpose(${made}, 1, 2), 2)`;
}

function selfAttention(script: LayerScript): string {
  const { x, options } = script;
  const dim = options['dim'] as number;
  const input = script.has('norm.weight') ? norm(script, 'norm', x, dim, '1e-05') : x;
  const whole = script.let(
    `torch.linear(${input}, ${script.tensor('in_proj.weight')}, ${script.tensor('in_proj.bias')})`,
  );
  const parts = [0, 1, 2].map((part) => script.let(`torch.narrow(${whole}, 2, ${part * dim}, ${dim})`));
  const allowed = script.boolean('is_causal') ? mask(script, x, x, 0) : 'None';
  const attended = inHeads(script, parts, options['heads'] as number, allowed);
  return `torch.linear(${attended}, ${script.tensor('out_proj.weight')}, ${script.tensor('out_proj.bias')})`;
}

function norm(script: LayerScript, name: string, x: string, dim: number, eps: string): string {
  return `torch.layer_norm(${x}, [${dim}], ${script.tensor(`${name}.weight`)}, ${script.tensor(`${name}.bias`)}, ${eps})`;
}

/** Its parts, each with x + part(norm(x)) or norm(x + part(x)) around it. */
function layerParts(script: LayerScript, at: string) {
  const { options } = script;
  const dim = options['d_model'] as number;
  const heads = options['nhead'] as number;
  const normed = (number: number, x: string): string =>
    norm(script, `${at}norm${number}`, x, dim, script.float('layer_norm_eps'));
  const around = (number: number, x: string, part: (input: string) => string): string =>
    options['norm_first'] === true
      ? script.let(`${x} + ${part(script.let(normed(number, x)))}`)
      : script.let(normed(number, script.let(`${x} + ${part(x)}`)));
  const linear = (name: string, x: string): string =>
    `torch.linear(${x}, ${script.tensor(`${at}${name}.weight`)}, ${script.tensor(`${at}${name}.bias`)})`;
  return {
    around,
    attend: (name: string, query: string, key: string, isCausal: boolean): string =>
      attend(script, `${at}${name}.`, [query, key, key], { dim, heads, isCausal }),
    feedForward: (x: string): string =>
      linear('linear2', `torch.${String(options['activation'])}(${linear('linear1', x)})`),
  };
}

function encoderLayer(script: LayerScript, at: string, x: string, isCausal: boolean): string {
  const { around, attend: look, feedForward } = layerParts(script, at);
  const attended = around(1, x, (input) => look('self_attn', input, input, isCausal));
  return around(2, attended, feedForward);
}

function decoderLayer(script: LayerScript, at: string, x: string, memory: string, isCausal: boolean): string {
  const { around, attend: look, feedForward } = layerParts(script, at);
  const within = around(1, x, (input) => look('self_attn', input, input, isCausal));
  const across = around(2, within, (input) => look('multihead_attn', input, memory, false));
  return around(3, across, feedForward);
}

function encoder(script: LayerScript, at: string, x: string, layers: number, isCausal: boolean): string {
  return stacked(script, at, x, layers, (each, input) => encoderLayer(script, each, input, isCausal));
}

function decoder(
  script: LayerScript,
  at: string,
  x: string,
  memory: string,
  layers: number,
  isCausal: boolean,
): string {
  return stacked(script, at, x, layers, (each, input) => decoderLayer(script, each, input, memory, isCausal));
}

function stacked(
  script: LayerScript,
  at: string,
  x: string,
  layers: number,
  write: (at: string, x: string) => string,
): string {
  let made = x;
  for (let layer = 0; layer < layers; layer++) made = write(`${at}layers.${layer}.`, made);
  if (!script.has(`${at}norm.weight`)) return made;
  const dim = script.options['d_model'] as number;
  return script.let(norm(script, `${at}norm`, made, dim, script.float('layer_norm_eps')));
}
