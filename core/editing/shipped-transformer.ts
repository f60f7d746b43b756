import type { BlockDefinition, Blocks, LayerNode, NetworkNode } from '../network/tree.ts';

const parameters: BlockDefinition['parameters'] = [
  { name: 'features', help: 'Features of the sequence, in and out.' },
  { name: 'heads', default: 4, help: 'Heads of the attention; the features are divided among them.' },
  { name: 'ratio', default: 4, help: 'Factor by which the features grow between the two linear layers.' },
  { name: 'dropout', default: 0.1, help: 'Dropout probability of the attention weights and after each part.' },
];

const norm: LayerNode = { type: 'LayerNorm', options: { normalized_shape: 'features' } };
const drop: LayerNode = { type: 'Dropout', options: { p: 'dropout' } };
const attention: LayerNode = { type: 'SelfAttention', options: { heads: 'heads', dropout: 'dropout' } };

function linear(features: string): LayerNode {
  return { type: 'Linear', options: { out_features: features } };
}

function sequence(...children: readonly NetworkNode[]): NetworkNode {
  return { type: 'Sequential', children };
}

/** Two linear layers for each place. */
function feedForward(activation: string): readonly NetworkNode[] {
  return [linear('ratio*features'), { type: activation }, drop, linear('features'), drop];
}

/** What torch.nn.TransformerEncoderLayer computes, of modules that can be changed one by one. */
export const transformerBlocks: Blocks = {
  // Vaswani and others 2017, "Attention is all you need".
  TransformerBlock: {
    description:
      'Attention within the sequence, then two linear layers for each place; a normalisation after each sum.',
    parameters,
    body: sequence(
      { type: 'Residual', body: sequence(attention, drop), after: norm },
      { type: 'Residual', body: sequence(...feedForward('ReLU')), after: norm },
    ),
  },
  // As Dosovitskiy and others 2020, "An image is worth 16x16 words", have it.
  PreNormTransformerBlock: {
    description: 'The same with each normalisation before its part, and GELU: easier to train when there are many.',
    parameters,
    body: sequence(
      { type: 'Residual', body: sequence(norm, attention, drop) },
      { type: 'Residual', body: sequence(norm, ...feedForward('GELU')) },
    ),
  },
};
