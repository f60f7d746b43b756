import { sampleDimension } from './dimension.ts';
import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import { choice, integer, number } from './option.ts';
import { refuse } from './refusal.ts';
import type { Shape } from './shape.ts';

const dim = integer('Dimension along which the values sum to one; 0 is the batch, -1 the last.');

export const activation = [
  layer({ name: 'ReLU', family: 'activation', help: 'max(0, x).', torchFunction: 'relu', options: {} }),
  layer({
    name: 'LeakyReLU',
    family: 'activation',
    help: 'x where positive, a small multiple of x elsewhere.',
    torchFunction: 'leaky_relu',
    options: { negative_slope: number('Slope for negative x.', { default: 0.01 }) },
  }),
  layer({
    name: 'ELU',
    family: 'activation',
    help: 'x where positive, alpha·(exp(x) - 1) elsewhere.',
    torchFunction: 'elu',
    options: { alpha: number('The negative side levels off at -alpha.', { default: 1 }) },
  }),
  layer({
    name: 'GELU',
    family: 'activation',
    help: 'x times the probability that a normal variable is below x.',
    options: { approximate: choice('"tanh" uses a cheaper approximation.', ['none', 'tanh'], 'none') },
  }),
  layer({
    name: 'SiLU',
    family: 'activation',
    help: 'x·sigmoid(x), also called swish.',
    torchFunction: 'silu',
    options: {},
  }),
  layer({
    name: 'Sigmoid',
    family: 'activation',
    help: '1 / (1 + exp(-x)): between 0 and 1.',
    torchFunction: 'sigmoid',
    options: {},
  }),
  layer({
    name: 'Tanh',
    family: 'activation',
    help: 'Hyperbolic tangent: between -1 and 1.',
    torchFunction: 'tanh',
    options: {},
  }),
  layer({ name: 'Mish', family: 'activation', help: 'x·tanh(log(1 + exp(x))).', torchFunction: 'mish', options: {} }),
  layer({
    name: 'Hardswish',
    family: 'activation',
    help: 'x·min(max(x + 3, 0), 6) / 6: a cheap SiLU.',
    torchFunction: 'hardswish',
    options: {},
  }),
  layer({
    name: 'Softmax',
    family: 'activation',
    help: 'Turns scores into probabilities that sum to one.',
    torchFunction: 'softmax',
    begin: { dim: 1 },
    options: { dim },
    output: alongDimension,
  }),
  layer({
    name: 'LogSoftmax',
    family: 'activation',
    help: 'Logarithm of the softmax: the input that the loss NLL expects.',
    torchFunction: 'log_softmax',
    begin: { dim: 1 },
    options: { dim },
    output: alongDimension,
  }),
  layer({ name: 'ReLU6', family: 'activation', help: 'min(max(0, x), 6).', torchFunction: 'relu6', options: {} }),
  layer({
    name: 'PReLU',
    family: 'activation',
    help: 'x where positive, a learned multiple of x elsewhere.',
    options: {
      num_parameters: integer('1 for one slope, or the number of input channels for one slope per channel.', {
        minimum: 1,
        default: 1,
      }),
      init: number('Initial slope.', { default: 0.25 }),
    },
    output({ num_parameters }, input) {
      if (num_parameters !== 1 && num_parameters !== input[0]) {
        refuse(`has slopes for ${num_parameters} channels but receives ${input[0]}`, 'num_parameters');
      }
      return input;
    },
    parameters: ({ num_parameters }) => [{ name: 'weight', shape: [num_parameters], kind: 'norm' }],
  }),
  layer({
    name: 'RReLU',
    family: 'activation',
    help: 'x where positive, a multiple of x elsewhere: random in training, the mean of both limits in evaluation.',
    options: {
      lower: number('Lower limit of the slope.', { default: 1 / 8 }),
      upper: number('Upper limit of the slope.', { default: 1 / 3 }),
    },
    output({ lower, upper }, input) {
      return lower <= upper ? input : refuse(`draws between ${lower} and ${upper}: lower is above upper`, 'lower');
    },
  }),
  layer({
    name: 'CELU',
    family: 'activation',
    help: 'x where positive, alpha·(exp(x / alpha) - 1) elsewhere: ELU without a kink.',
    torchFunction: 'celu',
    options: { alpha: number('The negative side levels off at -alpha.', { default: 1 }) },
    output({ alpha }, input) {
      return alpha === 0 ? refuse('divides by alpha, which cannot be 0', 'alpha') : input;
    },
  }),
  layer({
    name: 'SELU',
    family: 'activation',
    help: 'ELU scaled so that values keep zero mean and unit variance from layer to layer.',
    torchFunction: 'selu',
    options: {},
  }),
  layer({
    name: 'Softplus',
    family: 'activation',
    help: 'log(1 + exp(beta·x)) / beta: a smooth ReLU.',
    torchFunction: 'softplus',
    options: {
      beta: number('Sharpness of the bend.', { default: 1 }),
      threshold: number('Returns x itself where beta·x is above this value.', { default: 20 }),
    },
  }),
  layer({ name: 'Softsign', family: 'activation', help: 'x / (1 + |x|): between -1 and 1.', options: {} }),
  layer({ name: 'Tanhshrink', family: 'activation', help: 'x - tanh(x).', options: {} }),
  layer({
    name: 'Hardshrink',
    family: 'activation',
    help: 'x where |x| is above lambd, zero elsewhere.',
    torchFunction: 'hardshrink',
    options: { lambd: number('Values from -lambd to lambd become zero.', { default: 0.5 }) },
  }),
  layer({
    name: 'Softshrink',
    family: 'activation',
    help: 'x moved towards zero by lambd; zero where |x| is below lambd.',
    torchFunction: 'softshrink',
    options: { lambd: number('Distance by which values are moved.', { minimum: 0, default: 0.5 }) },
  }),
  layer({
    name: 'Hardtanh',
    family: 'activation',
    help: 'x clamped to a range.',
    torchFunction: 'hardtanh',
    options: {
      min_val: number('Lower limit.', { default: -1 }),
      max_val: number('Upper limit.', { default: 1 }),
    },
    output({ min_val, max_val }, input) {
      return min_val < max_val ? input : refuse(`needs a max_val above its min_val of ${min_val}`, 'max_val');
    },
  }),
  layer({
    name: 'Threshold',
    family: 'activation',
    help: 'x where it is above a threshold, a fixed value elsewhere.',
    torchFunction: 'threshold',
    begin: { threshold: 0, value: 0 },
    options: {
      threshold: number('x is kept above this value.', {}),
      value: number('Value that replaces everything else.', {}),
    },
  }),
  layer({
    name: 'LogSigmoid',
    family: 'activation',
    help: 'Logarithm of the sigmoid.',
    torchFunction: 'log_sigmoid',
    options: {},
  }),
  layer({
    name: 'GLU',
    family: 'activation',
    help: 'One half of the channels, each scaled by the sigmoid of its partner in the other half.',
    torchFunction: 'glu',
    begin: { dim: 1 },
    options: { dim: integer('Dimension that is halved; 0 is the batch, -1 the last.', { default: -1 }) },
    output({ dim }, input) {
      const at = sampleDimension(dim, 'dim', input.length);
      const size = input[at]!;
      if (size % 2 !== 0) refuse(`cannot halve a dimension of ${size}`, 'dim');
      return input.with(at, size / 2);
    },
  }),
  layer({
    name: 'Softmin',
    family: 'activation',
    help: 'Turns scores into probabilities that sum to one; the lowest score becomes the most probable.',
    begin: { dim: 1 },
    options: { dim },
    output: alongDimension,
  }),
  layer({
    name: 'Softmax2d',
    family: 'activation',
    help: 'Softmax over the channels at every pixel.',
    options: {},
    output(_options, input) {
      imageSizes(input);
      return input;
    },
  }),
];

function alongDimension(options: { readonly dim: number }, input: Shape): Shape {
  sampleDimension(options.dim, 'dim', input.length);
  return input;
}
