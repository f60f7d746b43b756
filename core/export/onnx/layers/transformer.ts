import { text } from '../model.ts';
import { isSet, numberOf } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { layerNormPart, linearPart, multiheadAttention } from './attention.ts';
import type { SequenceTensor } from './attention.ts';

export const transformer: Readonly<Record<string, LayerWriter>> = {
  TransformerEncoderLayer: (layer, x) => encoderLayer(layer, '', first(layer, x), isSet(layer, 'is_causal')),
  TransformerEncoder: (layer, x) =>
    encoder(layer, '', first(layer, x), numberOf(layer, 'num_layers'), isSet(layer, 'norm'), isSet(layer, 'is_causal')),
  TransformerDecoderLayer: (layer, x, memory = x) => decoderLayer(layer, '', first(layer, x), second(layer, memory)),
  TransformerDecoder: (layer, x, memory = x) =>
    decoder(layer, '', first(layer, x), second(layer, memory), numberOf(layer, 'num_layers'), isSet(layer, 'norm')),
  Transformer(layer, source, target = source) {
    const given = first(layer, source);
    const memory = encoder(layer, 'encoder.', given, numberOf(layer, 'num_encoder_layers'), true, false);
    const remembered = { ...given, name: memory };
    return decoder(layer, 'decoder.', second(layer, target), remembered, numberOf(layer, 'num_decoder_layers'), true);
  },
};

function first({ resolved }: LayerToWrite, name: string): SequenceTensor {
  return { name, length: resolved.inputs[0][0]! };
}

function second({ resolved }: LayerToWrite, name: string): SequenceTensor {
  return { name, length: (resolved.inputs[1] ?? resolved.input)[0]! };
}

function encoder(
  layer: LayerToWrite,
  prefix: string,
  x: SequenceTensor,
  count: number,
  isNormalised: boolean,
  isCausal: boolean,
): string {
  let { name } = x;
  for (let index = 0; index < count; index++) {
    name = encoderLayer(layer, `${prefix}layers.${index}.`, { ...x, name }, isCausal);
  }
  return isNormalised ? norm(layer, `${prefix}norm`, name) : name;
}

function decoder(
  layer: LayerToWrite,
  prefix: string,
  x: SequenceTensor,
  memory: SequenceTensor,
  count: number,
  isNormalised: boolean,
): string {
  let { name } = x;
  for (let index = 0; index < count; index++) {
    name = decoderLayer(layer, `${prefix}layers.${index}.`, { ...x, name }, memory);
  }
  return isNormalised ? norm(layer, `${prefix}norm`, name) : name;
}

function encoderLayer(layer: LayerToWrite, prefix: string, x: SequenceTensor, isCausal: boolean): string {
  const attended = part(layer, `${prefix}norm1`, x.name, (name) =>
    attentionTo(layer, `${prefix}self_attn.`, { ...x, name }, { ...x, name }, isCausal),
  );
  return part(layer, `${prefix}norm2`, attended, (name) => feedForward(layer, prefix, name));
}

function decoderLayer(layer: LayerToWrite, prefix: string, x: SequenceTensor, memory: SequenceTensor): string {
  const own = part(layer, `${prefix}norm1`, x.name, (name) =>
    attentionTo(layer, `${prefix}self_attn.`, { ...x, name }, { ...x, name }, isSet(layer, 'is_causal')),
  );
  const other = part(layer, `${prefix}norm2`, own, (name) =>
    attentionTo(layer, `${prefix}multihead_attn.`, { ...x, name }, memory, false),
  );
  return part(layer, `${prefix}norm3`, other, (name) => feedForward(layer, prefix, name));
}

function attentionTo(
  layer: LayerToWrite,
  prefix: string,
  query: SequenceTensor,
  memory: SequenceTensor,
  isCausal: boolean,
): string {
  return multiheadAttention(
    layer,
    prefix,
    { query, key: memory, value: memory },
    { features: numberOf(layer, 'd_model'), heads: numberOf(layer, 'nhead'), isCausal, hasZeroKey: false },
  );
}

/** What is added to what it is made of, and normalised before or after. */
function part(layer: LayerToWrite, normName: string, x: string, make: (x: string) => string): string {
  if (isSet(layer, 'norm_first')) return layer.graph.node('Add', [x, make(norm(layer, normName, x))]);
  return norm(layer, normName, layer.graph.node('Add', [x, make(x)]));
}

function norm(layer: LayerToWrite, name: string, x: string): string {
  return layerNormPart(layer, name, x, numberOf(layer, 'layer_norm_eps'));
}

function feedForward(layer: LayerToWrite, prefix: string, x: string): string {
  const { graph, options } = layer;
  const wide = linearPart(layer, `${prefix}linear1`, x);
  const active =
    options['activation'] === 'gelu'
      ? graph.node('Gelu', [wide], { approximate: text('none') })
      : graph.node('Relu', [wide]);
  return linearPart(layer, `${prefix}linear2`, active);
}
