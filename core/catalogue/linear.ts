import { layer } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, integer, number } from './option.ts';
import { refuse } from './refusal.ts';
import { elementCount } from './shape.ts';

export const linear = [
  layer({
    name: 'Linear',
    family: 'linear',
    help: 'Every output is a weighted sum of all inputs: x·Wᵀ + b, over the last dimension.',
    begin: { out_features: 10 },
    options: {
      in_features: integer('Size of the last dimension of the input.', {
        minimum: 1,
        infer: (input) => input.at(-1) ?? refuse('expects at least one dimension besides the batch but receives none'),
      }),
      out_features: integer('Size of the last dimension of the output.', { minimum: 1 }),
      bias: boolean('Adds a learned bias to every output.', true),
    },
    output({ in_features, out_features }, input) {
      const features = input.at(-1) ?? refuse('expects at least one dimension besides the batch but receives none');
      if (features !== in_features) refuse(`expects ${in_features} features but receives ${features}`, 'in_features');
      return [...input.slice(0, -1), out_features];
    },
    parameters({ in_features, out_features, bias }) {
      const weight: ParameterDeclaration = { name: 'weight', shape: [out_features, in_features], kind: 'weight' };
      return bias ? [weight, { name: 'bias', shape: [out_features], kind: 'bias' }] : [weight];
    },
    multiplyAdds: ({ in_features }, _input, output) => elementCount(output) * in_features,
  }),
  layer({ name: 'Identity', family: 'linear', help: 'Passes its input on unchanged.', options: {} }),
  layer({
    name: 'Scale',
    family: 'linear',
    help: 'Multiplies its input by a constant, such as the outputs of a network that should begin less certain.',
    begin: { factor: 0.5 },
    options: { factor: number('What every value is multiplied by.', {}) },
  }),
];
