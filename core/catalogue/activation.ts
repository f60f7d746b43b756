import { sampleDimension } from './dimension.ts';
import { layer } from './layer-type.ts';
import { choice, integer, number } from './option.ts';
import type { Shape } from './shape.ts';

const dim = integer('Dimension that sums to one; counts the batch as 0, -1 is the last.');

export const activation = [
  layer({ name: 'ReLU', family: 'activation', help: 'max(0, x).', options: {} }),
  layer({
    name: 'LeakyReLU',
    family: 'activation',
    help: 'x where positive, a small multiple of x elsewhere.',
    options: { negative_slope: number('The multiple for negative x.', { default: 0.01 }) },
  }),
  layer({
    name: 'ELU',
    family: 'activation',
    help: 'x where positive, alpha·(exp(x) - 1) elsewhere.',
    options: { alpha: number('The negative side levels off at -alpha.', { default: 1 }) },
  }),
  layer({
    name: 'GELU',
    family: 'activation',
    help: 'x times the probability that a normal variable is below x.',
    options: { approximate: choice('"tanh" takes a cheaper formula.', ['none', 'tanh'], 'none') },
  }),
  layer({ name: 'SiLU', family: 'activation', help: 'x·sigmoid(x), also called swish.', options: {} }),
  layer({ name: 'Sigmoid', family: 'activation', help: '1 / (1 + exp(-x)): between 0 and 1.', options: {} }),
  layer({ name: 'Tanh', family: 'activation', help: 'Hyperbolic tangent: between -1 and 1.', options: {} }),
  layer({ name: 'Mish', family: 'activation', help: 'x·tanh(log(1 + exp(x))).', options: {} }),
  layer({
    name: 'Hardswish',
    family: 'activation',
    help: 'x·min(max(x + 3, 0), 6) / 6: a cheap SiLU.',
    options: {},
  }),
  layer({
    name: 'Softmax',
    family: 'activation',
    help: 'Turns scores into probabilities that sum to one.',
    options: { dim },
    output: alongDimension,
  }),
  layer({
    name: 'LogSoftmax',
    family: 'activation',
    help: 'Logarithm of the softmax: what the loss NLL takes.',
    options: { dim },
    output: alongDimension,
  }),
];

function alongDimension(options: { readonly dim: number }, input: Shape): Shape {
  sampleDimension(options.dim, 'dim', input.length);
  return input;
}
