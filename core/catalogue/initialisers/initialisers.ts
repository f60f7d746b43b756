import { pythonFloat, pythonNumber, pythonString } from '../../code/python-words.ts';
import type { ChoiceOption, NumberOption, Written } from '../declare.ts';
import { initialiser } from './initialiser-type.ts';
import type { InitialiserType, WrittenOfAny } from './initialiser-type.ts';

const fans = 'must be "weight": Xavier and Kaiming apply to no other parameters';
const dimensions = 'must be "weight": this method needs at least two dimensions';

function nonlinearity<const Value extends string>(standard: Value) {
  return {
    kind: 'choice',
    label: 'Nonlinearity',
    help: 'The nonlinearity that follows the layer. It sets the gain, as in torch.nn.init.calculate_gain.',
    values: [
      ['linear', 'linear'],
      ['relu', 'relu'],
      ['leaky_relu', 'leaky_relu'],
      ['tanh', 'tanh'],
      ['sigmoid', 'sigmoid'],
      ['selu', 'selu'],
    ],
    default: standard,
  } as const;
}

const mode = {
  kind: 'choice',
  label: 'Fan mode',
  help: 'Whether the variance is scaled by the number of inputs (fan_in) or outputs (fan_out) of the layer.',
  values: [
    ['fan_in', 'inputs (fan_in)'],
    ['fan_out', 'outputs (fan_out)'],
  ],
  default: 'fan_in',
} as const satisfies ChoiceOption;

const gain = {
  kind: 'number',
  label: 'Gain',
  help: 'Factor that scales all weights.',
  default: 1,
  above: 0,
} as const satisfies NumberOption;

const mean = {
  kind: 'number',
  label: 'Mean',
  help: 'Mean of the normal distribution.',
  default: 0,
} as const satisfies NumberOption;

function std<const Value extends number>(standard: Value) {
  const help = 'Standard deviation of the normal distribution.';
  return { kind: 'number', label: 'Standard deviation', help, default: standard, minimum: 0 } as const;
}

function bound<const Value extends number>(label: string, standard: Value) {
  return { kind: 'number', label, help: 'Bound of the values.', default: standard } as const;
}

const kaimingOptions = { nonlinearity: nonlinearity('leaky_relu'), mode } as const;

const kaiming = {
  options: kaimingOptions,
  weightsOnly: fans,
  pythonArguments: ({ nonlinearity = 'leaky_relu', mode }: Written<typeof kaimingOptions>) => [
    ...(mode === 'fan_out' ? ['mode="fan_out"'] : []),
    // The slope of calculate_gain's leaky ReLU, where kaiming_normal_ itself has 0.
    nonlinearity === 'leaky_relu' ? 'a=0.01' : `nonlinearity=${pythonString(nonlinearity)}`,
  ],
} as const;

const xavierOptions = { nonlinearity: nonlinearity('linear'), gain } as const;

const xavier = {
  options: xavierOptions,
  weightsOnly: fans,
  either: ['gain', 'nonlinearity'],
  pythonArguments: ({ nonlinearity = 'linear', gain }: Written<typeof xavierOptions>) => [
    ...(nonlinearity === 'linear' ? [] : [`gain=nn.init.calculate_gain(${pythonString(nonlinearity)})`]),
    ...(gain === undefined ? [] : [`gain=${pythonFloat(gain)}`]),
  ],
} as const;

const matrices = { words: 'matrices', suits: (shape: readonly number[]) => shape.length === 2 } as const;

/** Of a patch of the input, as large as the kernel. */
function valuesOf([, ...patch]: readonly number[]): number {
  return patch.reduce((product, size) => product * size, 1);
}

/** All there are, in the order of the window's list. */
export const initialiserTypes = [
  initialiser({ method: 'kaiming_normal', title: 'Kaiming normal', ...kaiming }),
  initialiser({ method: 'kaiming_uniform', title: 'Kaiming uniform', ...kaiming }),
  initialiser({ method: 'xavier_normal', title: 'Xavier normal', ...xavier }),
  initialiser({ method: 'xavier_uniform', title: 'Xavier uniform', ...xavier }),
  initialiser({
    method: 'orthogonal',
    title: 'orthogonal',
    options: { gain },
    weightsOnly: dimensions,
    fills: { words: 'weights of at least two dimensions', suits: (shape) => shape.length >= 2 },
  }),
  initialiser({ method: 'eye', title: 'identity matrix', options: {}, weightsOnly: dimensions, fills: matrices }),
  initialiser({
    method: 'dirac',
    title: 'identity of a convolution (dirac)',
    options: {
      groups: {
        kind: 'integer',
        label: 'Groups',
        help: 'Number of groups of the convolution.',
        default: 1,
        minimum: 1,
      },
      rest: {
        kind: 'choice',
        label: 'Further outputs',
        help: 'Weights of outputs beyond the number of inputs: zeros as in torch.nn.init.dirac_, or initialised as without a rule.',
        values: [
          ['zeros', 'zeros'],
          ['default', 'as without a rule'],
        ],
        default: 'zeros',
      },
    },
    weightsOnly: dimensions,
    conflict: ({ groups, rest }) =>
      rest === 'default' && groups > 1 ? 'can have the rest "default" only with 1 group' : null,
    fills: {
      words: 'weights of convolutions whose outputs its groups divide',
      suits: (shape, { groups }) => shape.length >= 3 && shape[0]! % groups === 0,
    },
    pythonStatement: (parameter, { rest }) =>
      rest === 'default' ? `nn.init.dirac_(${parameter}[: ${parameter}.size(1)])` : null,
  }),
  initialiser({
    method: 'whiten',
    title: 'whitening of image patches',
    options: {
      samples: {
        kind: 'integer',
        label: 'Images',
        help: 'Number of training images, from the first, whose patches are whitened.',
        default: 5000,
        minimum: 1,
      },
      eps: {
        kind: 'number',
        label: 'Epsilon',
        help: 'Added to the variance along each direction. Smaller values amplify directions in which patches hardly differ.',
        default: 5e-4,
        above: 0,
      },
    },
    weightsOnly: dimensions,
    fills: {
      words: 'weights of two-dimensional convolutions that have twice as many outputs as a patch has values',
      suits: (shape) => shape.length === 4 && shape[0] === 2 * valuesOf(shape),
      advice: (shape) =>
        shape.length === 4
          ? `Set out_channels to ${2 * valuesOf(shape)}: ${valuesOf(shape)} filters and their negatives.`
          : undefined,
    },
    takesSamples: true,
  }),
  initialiser({
    method: 'sparse',
    title: 'sparse',
    options: {
      sparsity: {
        kind: 'number',
        label: 'Zeros',
        help: 'Fraction of the weights of each input that are set to zero: 0 to 1.',
        default: 0.9,
        minimum: 0,
        maximum: 1,
        isRequired: true,
      },
      std: std(0.01),
    },
    weightsOnly: dimensions,
    fills: matrices,
  }),
  initialiser({ method: 'normal', title: 'normal', options: { mean, std: std(1) } }),
  initialiser({
    method: 'uniform',
    title: 'uniform',
    options: { a: bound('From', 0), b: bound('To', 1) },
    conflict: ({ a, b }) => (a < b ? null : 'must have its lower bound a below its upper bound b (by default 0 and 1)'),
  }),
  initialiser({
    method: 'trunc_normal',
    title: 'truncated normal',
    options: { mean, std: std(1), a: bound('From', -2), b: bound('To', 2) },
    conflict: ({ a, b, std }) =>
      a < b && std > 0
        ? null
        : 'must have a standard deviation above 0 and its lower bound a below its upper bound b (by default -2 and 2)',
  }),
  initialiser({ method: 'zeros', title: 'zeros', options: {} }),
  initialiser({ method: 'ones', title: 'ones', options: {} }),
  initialiser({
    method: 'constant',
    title: 'constant',
    options: {
      value: { kind: 'number', label: 'Value', help: 'Value of every element.', default: 0, isRequired: true },
    },
    pythonArguments: ({ value = 0 }) => [pythonNumber(value)],
  }),
] as const;

export type InitialiserMethod = (typeof initialiserTypes)[number]['method'];

/** What a project may write of any of them. */
export type InitialiserOptions = WrittenOfAny<(typeof initialiserTypes)[number]['options']>;

const byMethod = new Map<string, InitialiserType>(
  initialiserTypes.map((entry) => [entry.method, entry as unknown as InitialiserType]),
);

export function initialiserType(method: InitialiserMethod): InitialiserType {
  return byMethod.get(method)!;
}
