import { sampleDimension } from './dimension.ts';
import { layerOfSeveral } from './layer-type.ts';
import { boolean, integer, number } from './option.ts';
import { refuse } from './refusal.ts';
import { lastSize } from './sequence.ts';
import { elementCount, formatShape, sameShape } from './shape.ts';
import type { Flow, Shape } from './shape.ts';

export const distance = [
  layerOfSeveral({
    name: 'PairwiseDistance',
    family: 'distance',
    help: 'Distance between its two inputs: the norm of their difference over the last dimension.',
    options: {
      p: number('Which norm: 2 is the length.', { default: 2 }),
      eps: number('Small constant added to the difference.', { default: 1e-6 }),
      keepdim: boolean('Keeps the last dimension, with size 1.', false),
    },
    inputs: () => 2,
    outputs({ keepdim }, inputs) {
      const shape = alike(inputs);
      if (shape.length === 0) refuse('expects at least one dimension besides the batch but receives none');
      return [keepdim ? shape.with(-1, 1) : shape.slice(0, -1)];
    },
  }),
  layerOfSeveral({
    name: 'CosineSimilarity',
    family: 'distance',
    help: 'Cosine similarity of its two inputs along a dimension, from -1 to 1.',
    options: {
      dim: integer('Dimension along which the similarity is computed; 0 is the batch.', { default: 1 }),
      eps: number('Lower bound of the norms, to avoid division by zero.', { default: 1e-8 }),
    },
    inputs: () => 2,
    outputs({ dim }, inputs) {
      const shape = alike(inputs);
      return [shape.toSpliced(sampleDimension(dim, 'dim', shape.length), 1)];
    },
  }),
  layerOfSeveral({
    name: 'Bilinear',
    family: 'linear',
    help: 'Every output is a weighted sum of all products of an element of one input and one of the other: x₁ᵀ·A·x₂ + b, over the last dimensions.',
    begin: { out_features: 10 },
    options: {
      in1_features: integer('Size of the last dimension of the first input.', { minimum: 1, infer: lastSize }),
      in2_features: integer('Size of the last dimension of the second input.', {
        minimum: 1,
        infer: (input, inputs) => lastSize(inputs[1] ?? input),
      }),
      out_features: integer('Size of the last dimension of the output.', { minimum: 1 }),
      bias: boolean('Adds a learned constant to every output.', true),
    },
    inputs: () => 2,
    outputs({ in1_features, in2_features, out_features }, [first, second = first]) {
      const [one, two] = [lastSize(first), lastSize(second)];
      if (one !== in1_features)
        refuse(`expects ${in1_features} features in the first but receives ${one}`, 'in1_features');
      if (two !== in2_features)
        refuse(`expects ${in2_features} features in the second but receives ${two}`, 'in2_features');
      if (!sameShape(first.slice(0, -1), second.slice(0, -1))) {
        refuse(
          `needs inputs that differ in the last size only but receives ${formatShape(first)} and ${formatShape(second)}`,
        );
      }
      return [[...first.slice(0, -1), out_features]];
    },
    parameters({ in1_features, in2_features, out_features, bias }) {
      const weight = { name: 'weight', shape: [out_features, in1_features, in2_features], kind: 'weight' } as const;
      return bias ? [weight, { name: 'bias', shape: [out_features], kind: 'bias' }] : [weight];
    },
    // x₁ᵀ·A first, then its product with x₂.
    multiplyAdds: ({ in1_features, in2_features }, _inputs, [output]) =>
      elementCount(output) * in2_features * (in1_features + 1),
  }),
];

function alike([first, second = first]: Flow): Shape {
  return sameShape(first, second)
    ? first
    : refuse(`needs two inputs of the same shape but receives ${formatShape(first)} and ${formatShape(second)}`);
}
