import { layer } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, choice, integer, number } from './option.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Shape } from './shape.ts';

const sizes = {
  input_size: integer('Features of one step of the input.', { minimum: 1, infer: featuresOf }),
  hidden_size: integer('Features of the hidden state.', { minimum: 1 }),
  num_layers: integer('Number of stacked layers; each takes the output sequence of the previous one.', {
    minimum: 1,
    default: 1,
  }),
};

const rest = {
  bias: boolean('Adds learned biases to the projections of input and state.', true),
  dropout: number('Dropout probability between layers, in training.', {
    minimum: 0,
    maximum: 1,
    default: 0,
  }),
  bidirectional: boolean('Also reads the sequence backwards; both outputs are concatenated.', false),
};

const shapes = 'Takes [length, features], the batch first, and returns the output of every step.';

export const recurrent = [
  layer({
    name: 'RNN',
    family: 'recurrent',
    help: `Every step's state is tanh (or ReLU) of a weighted sum of the step's input and the state before. ${shapes}`,
    begin: { hidden_size: 128 },
    options: {
      ...sizes,
      nonlinearity: choice('Nonlinearity of the state.', ['tanh', 'relu'], 'tanh'),
      ...rest,
    },
    output: outputOf,
    parameters: (options) => parametersOf(options, 1),
    multiplyAdds: (options, input) => multiplyAddsOf(options, input, 1),
  }),
  layer({
    name: 'GRU',
    family: 'recurrent',
    help: `A recurrent layer whose gates control how much of its state is kept and updated. ${shapes}`,
    begin: { hidden_size: 128 },
    options: { ...sizes, ...rest },
    output: outputOf,
    parameters: (options) => parametersOf(options, 3),
    multiplyAdds: (options, input) => multiplyAddsOf(options, input, 3),
  }),
  layer({
    name: 'LSTM',
    family: 'recurrent',
    help: `A recurrent layer with a cell state: gates control what it stores, forgets and outputs. ${shapes}`,
    begin: { hidden_size: 128 },
    options: {
      ...sizes,
      ...rest,
      proj_size: integer('Features the hidden state is projected to at every step; 0 means no projection.', {
        minimum: 0,
        default: 0,
      }),
    },
    output: outputOf,
    parameters: (options) => parametersOf(options, 4),
    multiplyAdds: (options, input) => multiplyAddsOf(options, input, 4),
  }),
];

export interface RecurrentOptions {
  readonly input_size: number;
  readonly hidden_size: number;
  readonly num_layers: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
  readonly proj_size?: number;
}

function featuresOf(input: Shape): number {
  if (input.length !== 2) refuse(`expects a sequence [length, features] but receives ${formatShape(input)}`);
  return input[1]!;
}

/** Features of the state, and of one direction's output. */
function stateSize({ hidden_size, proj_size = 0 }: RecurrentOptions): number {
  return proj_size > 0 ? proj_size : hidden_size;
}

function outputOf(options: RecurrentOptions, input: Shape): Shape {
  const { input_size, hidden_size, proj_size = 0, bidirectional } = options;
  const features = featuresOf(input);
  if (features !== input_size) refuse(`expects ${input_size} features but receives ${features}`, 'input_size');
  if (proj_size >= hidden_size) refuse(`needs a proj_size below its hidden_size of ${hidden_size}`, 'proj_size');
  return [input[0]!, stateSize(options) * (bidirectional ? 2 : 1)];
}

/** Of the hidden state of one sample: a row for each layer, of a bidirectional one for each direction. */
export function hiddenShape(options: RecurrentOptions): Shape {
  return [options.num_layers * (options.bidirectional ? 2 : 1), stateSize(options)];
}

/** `gates` blocks of rows in every weight, in PyTorch's order. */
function parametersOf(options: RecurrentOptions, gates: number): readonly ParameterDeclaration[] {
  const { hidden_size, num_layers, bias, bidirectional, proj_size = 0 } = options;
  const rows = gates * hidden_size;
  const parameters: ParameterDeclaration[] = [];
  for (let number = 0; number < num_layers; number++) {
    for (const direction of bidirectional ? ['', '_reverse'] : ['']) {
      const declare = (name: string, shape: Shape, kind: 'weight' | 'bias') =>
        parameters.push({ name: `${name}_l${number}${direction}`, shape, kind });
      declare('weight_ih', [rows, inputSize(options, number)], 'weight');
      declare('weight_hh', [rows, stateSize(options)], 'weight');
      if (bias) declare('bias_ih', [rows], 'bias');
      if (bias) declare('bias_hh', [rows], 'bias');
      if (proj_size > 0) declare('weight_hr', [proj_size, hidden_size], 'weight');
    }
  }
  return parameters;
}

function inputSize(options: RecurrentOptions, layer: number): number {
  return layer === 0 ? options.input_size : stateSize(options) * (options.bidirectional ? 2 : 1);
}

function multiplyAddsOf(options: RecurrentOptions, [length = 0]: Shape, gates: number): number {
  const { hidden_size, num_layers, bidirectional, proj_size = 0 } = options;
  let perStep = 0;
  for (let number = 0; number < num_layers; number++) {
    perStep += gates * hidden_size * (inputSize(options, number) + stateSize(options)) + proj_size * hidden_size;
  }
  return length * perStep * (bidirectional ? 2 : 1);
}
