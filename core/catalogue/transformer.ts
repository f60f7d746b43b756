import { attended, attentionCost, attentionPart, causal } from './attention.ts';
import { layer, layerOfSeveral } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, choice, integer, number } from './option.ts';
import { layerNormPart, linearPart } from './parts.ts';
import { refuse } from './refusal.ts';
import { lastSize, sequenceOf } from './sequence.ts';
import type { Flow } from './shape.ts';

/** What every layer of a transformer is made by; Vaswani and others 2017, "Attention is all you need". */
const size = {
  d_model: integer('Features of the sequence, in and out.', { minimum: 1, infer: lastSize }),
  nhead: integer('Number of attention heads; the features are divided among them.', { minimum: 1 }),
};

const within = {
  dim_feedforward: integer('Features between the two linear layers.', { minimum: 1, default: 2048 }),
  dropout: number('Dropout probability of the attention weights and after each part.', {
    minimum: 0,
    maximum: 1,
    default: 0.1,
  }),
  activation: choice('Activation between the two linear layers.', ['relu', 'gelu'], 'relu'),
  layer_norm_eps: number('Added to the variance to avoid division by zero.', { minimum: 0, default: 1e-5 }),
  norm_first: boolean('Normalises before each part instead of after its addition.', false),
  bias: boolean('Adds learned constants in all linear layers and normalisations.', true),
};

const stack = {
  num_layers: integer('Number of layers, each with its own weights.', { minimum: 1 }),
  norm: boolean('Normalises the output of the last layer.', false),
};

export const transformer = [
  layer({
    name: 'TransformerEncoderLayer',
    family: 'attention',
    help: 'Self-attention, then two linear layers for each position, each with a residual connection and normalisation. The batch comes first.',
    begin: { nhead: 4 },
    options: { ...size, ...within, is_causal: causal },
    output: ({ d_model, nhead }, input) => attended('d_model', d_model, 'nhead', nhead, input),
    parameters: (options) => encoderLayerPart('', options),
    multiplyAdds: (options, input) => encoderLayerCost(options, sequenceOf(input).length),
  }),
  layer({
    name: 'TransformerEncoder',
    family: 'attention',
    help: 'Several TransformerEncoderLayers one after another. Their initial weights differ; in PyTorch they are equal.',
    begin: { nhead: 4, num_layers: 2 },
    options: { ...size, num_layers: stack.num_layers, ...within, norm: stack.norm, is_causal: causal },
    output: ({ d_model, nhead }, input) => attended('d_model', d_model, 'nhead', nhead, input),
    parameters: (options) => stackPart('', options.num_layers, options.norm, options, encoderLayerPart),
    multiplyAdds: (options, input) => options.num_layers * encoderLayerCost(options, sequenceOf(input).length),
  }),
  layerOfSeveral({
    name: 'TransformerDecoderLayer',
    family: 'attention',
    help: 'Like TransformerEncoderLayer, with attention to a second sequence, the memory, after the self-attention. Takes the sequence and the memory; the batch comes first.',
    begin: { nhead: 4 },
    options: { ...size, ...within, is_causal: causal },
    inputs: () => 2,
    outputs: ({ d_model, nhead }, inputs) => decoded(d_model, nhead, inputs),
    parameters: (options) => decoderLayerPart('', options),
    multiplyAdds: (options, inputs) => decoderLayerCost(options, inputs),
  }),
  layerOfSeveral({
    name: 'TransformerDecoder',
    family: 'attention',
    help: 'Several TransformerDecoderLayers one after another, all with the same memory. Their initial weights differ; in PyTorch they are equal.',
    begin: { nhead: 4, num_layers: 2 },
    options: { ...size, num_layers: stack.num_layers, ...within, norm: stack.norm, is_causal: causal },
    inputs: () => 2,
    outputs: ({ d_model, nhead }, inputs) => decoded(d_model, nhead, inputs),
    parameters: (options) => stackPart('', options.num_layers, options.norm, options, decoderLayerPart),
    multiplyAdds: (options, inputs) => options.num_layers * decoderLayerCost(options, inputs),
  }),
  layerOfSeveral({
    name: 'Transformer',
    family: 'attention',
    help: 'An encoder for the source and a decoder that predicts the target from the output of the encoder; each ends with a normalisation. Takes source and target; the batch comes first.',
    options: {
      d_model: size.d_model,
      nhead: integer(size.nhead.help, { minimum: 1, default: 8 }),
      num_encoder_layers: integer('Layers of the encoder.', { minimum: 1, default: 6 }),
      num_decoder_layers: integer('Layers of the decoder.', { minimum: 1, default: 6 }),
      ...within,
      is_causal: boolean(
        'Causal mask: each position of the target attends only to itself and earlier positions.',
        false,
      ),
    },
    inputs: () => 2,
    outputs: ({ d_model, nhead }, [source, target = source]) => decoded(d_model, nhead, [target, source]),
    parameters: (options) => [
      ...stackPart('encoder.', options.num_encoder_layers, true, options, encoderLayerPart),
      ...stackPart('decoder.', options.num_decoder_layers, true, options, decoderLayerPart),
    ],
    multiplyAdds: (options, [source, target = source]) =>
      options.num_encoder_layers * encoderLayerCost(options, sequenceOf(source).length) +
      options.num_decoder_layers * decoderLayerCost(options, [target, source]),
  }),
];

/** The shape of the sequence stays. */
function decoded(features: number, heads: number, [input, memory = input]: Flow): Flow {
  const output = attended('d_model', features, 'nhead', heads, input);
  const { features: given } = sequenceOf(memory, 'expects a second sequence of');
  if (given !== features) refuse(`expects a second sequence of ${features} features but receives ${given}`, 'd_model');
  return [output];
}

interface LayerSizes {
  readonly d_model: number;
  readonly dim_feedforward: number;
  readonly bias: boolean;
}

function encoderLayerPart(prefix: string, { d_model, dim_feedforward, bias }: LayerSizes): ParameterDeclaration[] {
  return [
    ...attentionPart(`${prefix}self_attn.`, d_model, { bias }),
    ...linearPart(`${prefix}linear1`, d_model, dim_feedforward, bias),
    ...linearPart(`${prefix}linear2`, dim_feedforward, d_model, bias),
    ...layerNormPart(`${prefix}norm1`, d_model, bias),
    ...layerNormPart(`${prefix}norm2`, d_model, bias),
  ];
}

function decoderLayerPart(prefix: string, sizes: LayerSizes): ParameterDeclaration[] {
  const { d_model, dim_feedforward, bias } = sizes;
  return [
    ...attentionPart(`${prefix}self_attn.`, d_model, { bias }),
    ...attentionPart(`${prefix}multihead_attn.`, d_model, { bias }),
    ...linearPart(`${prefix}linear1`, d_model, dim_feedforward, bias),
    ...linearPart(`${prefix}linear2`, dim_feedforward, d_model, bias),
    ...['norm1', 'norm2', 'norm3'].flatMap((norm) => layerNormPart(`${prefix}${norm}`, d_model, bias)),
  ];
}

function stackPart(
  prefix: string,
  layers: number,
  norm: boolean,
  sizes: LayerSizes,
  part: (prefix: string, sizes: LayerSizes) => ParameterDeclaration[],
): ParameterDeclaration[] {
  const each = Array.from({ length: layers }, (_, index) => part(`${prefix}layers.${index}.`, sizes));
  return [...each.flat(), ...(norm ? layerNormPart(`${prefix}norm`, sizes.d_model, sizes.bias) : [])];
}

function encoderLayerCost({ d_model, dim_feedforward }: LayerSizes, length: number): number {
  return attentionCost(d_model, length, length) + 2 * length * d_model * dim_feedforward;
}

function decoderLayerCost(sizes: LayerSizes, [input, memory = input]: Flow): number {
  const { length } = sequenceOf(input);
  return encoderLayerCost(sizes, length) + attentionCost(sizes.d_model, length, sequenceOf(memory).length);
}
