import { sampleDimension } from './dimension.ts';
import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import type { BufferDeclaration, ParameterDeclaration } from './layer-type.ts';
import { boolean, integer, integers, number } from './option.ts';
import { refuse } from './refusal.ts';
import { elementCount, formatShape } from './shape.ts';
import type { Dimensions, Shape } from './shape.ts';

const eps = number('Added to the variance to avoid division by zero.', { minimum: 0, default: 1e-5 });

const bias = boolean('Also learns a shift, if it learns a scale.', true);

/** PyTorch's None: what float32 can tell 1 from. */
const machineEpsilon = 2 ** -23;

const batchNormOptions = {
  num_features: integer('Channels of the input.', { minimum: 1, infer: channelsOf }),
  eps,
  momentum: number('Weight of the current batch in the running mean and variance.', {
    minimum: 0,
    maximum: 1,
    default: 0.1,
  }),
  affine: boolean('Learns a scale and a shift for every channel.', true),
  track_running_stats: boolean('Tracks running statistics and uses them in evaluation.', true),
  bias,
};

const instanceNormOptions = {
  ...batchNormOptions,
  affine: boolean('Learns a scale and a shift for every channel.', false),
  track_running_stats: boolean('Tracks running statistics and uses them in evaluation.', false),
};

/** Of norms over the channels beside one another. */
const neighbouring = {
  size: integer('Number of neighbouring channels that are normalised together.', { minimum: 1 }),
  alpha: number('Weight of the mean square.', { default: 1e-4 }),
  beta: number('Exponent.', { default: 0.75 }),
  k: number('Added to the weighted mean square.', { default: 1 }),
};

export const normalisation = [
  layer({
    name: 'BatchNorm1d',
    family: 'normalisation',
    help: 'Gives every feature zero mean and unit variance over the batch, then scales and shifts it.',
    options: batchNormOptions,
    output({ num_features }, input) {
      if (input.length !== 1 && input.length !== 2) {
        refuse(`expects [features] or [features, length] but receives ${formatShape(input)}`);
      }
      return withChannels('features', num_features, 'num_features', input);
    },
    parameters: ({ affine, num_features, bias }) => scaleAndShift(affine, [num_features], bias),
    buffers: runningStatistics,
  }),
  batchNorm(2),
  batchNorm(3),
  instanceNorm(2),
  instanceNorm(1),
  instanceNorm(3),
  layer({
    name: 'GroupNorm',
    family: 'normalisation',
    help: 'Normalises each sample over groups of channels; does not depend on the batch.',
    begin: { num_groups: 1 },
    options: {
      num_groups: integer('Number of groups the channels are split into.', { minimum: 1 }),
      num_channels: integer('Channels of the input.', { minimum: 1, infer: channelsOf }),
      eps,
      affine: boolean('Learns a scale and a shift for every channel.', true),
      bias,
    },
    output({ num_groups, num_channels }, input) {
      if (num_channels % num_groups !== 0)
        refuse(`cannot split ${num_channels} channels into ${num_groups} groups`, 'num_groups');
      return withChannels('channels', num_channels, 'num_channels', input);
    },
    parameters: ({ affine, num_channels, bias }) => scaleAndShift(affine, [num_channels], bias),
  }),
  layer({
    name: 'GRN',
    family: 'normalisation',
    help: 'Global response normalisation, of ConvNeXt V2: strengthens channels that respond more than the others of the sample, and adds the input.',
    options: {
      num_channels: integer('Channels of the input.', { minimum: 1, infer: channelsOf }),
      eps: number('Added to the mean norm of the channels, against division by zero.', { minimum: 0, default: 1e-6 }),
    },
    output({ num_channels }, input) {
      channelsAnd(2, input);
      return withChannels('channels', num_channels, 'num_channels', input);
    },
    parameters: ({ num_channels }) => [
      { name: 'gamma', shape: [num_channels], kind: 'norm' },
      { name: 'beta', shape: [num_channels], kind: 'bias' },
    ],
  }),
  layer({
    name: 'LayerNorm',
    family: 'normalisation',
    help: 'Normalises each sample over its last dimensions; does not depend on the batch.',
    begin: { normalized_shape: [64] },
    options: {
      normalized_shape: integers('Sizes of the last dimensions, which are normalised together.', 1),
      eps,
      elementwise_affine: boolean('Learns a scale for every element.', true),
      bias: boolean('Learns a shift as well.', true),
    },
    output: ({ normalized_shape }, input) => endingIn(normalized_shape, input),
    parameters: ({ elementwise_affine, bias, normalized_shape }) =>
      scaleAndShift(elementwise_affine, normalized_shape, bias),
  }),
  layer({
    name: 'RMSNorm',
    family: 'normalisation',
    help: 'Divides each sample by the root of its mean square over the last dimensions: LayerNorm without the mean.',
    begin: { normalized_shape: [64] },
    options: {
      normalized_shape: integers('Sizes of the last dimensions, which are normalised together.', 1),
      eps: number('Added to the mean square to avoid division by zero.', { minimum: 0, default: machineEpsilon }),
      elementwise_affine: boolean('Learns a scale for every element.', true),
    },
    output: ({ normalized_shape }, input) => endingIn(normalized_shape, input),
    parameters: ({ elementwise_affine, normalized_shape }) =>
      scaleAndShift(elementwise_affine, normalized_shape, false),
  }),
  layer({
    name: 'LocalResponseNorm',
    family: 'normalisation',
    help: 'Divides by a power of the mean square of neighbouring channels, as AlexNet did.',
    begin: { size: 5 },
    options: neighbouring,
    output(_options, input) {
      return input.length >= 2
        ? input
        : refuse(`expects channels and at least one more dimension but receives ${formatShape(input)}`);
    },
  }),
  layer({
    name: 'CrossMapLRN2d',
    family: 'normalisation',
    help: 'LocalResponseNorm as Caffe and Lua Torch computed it: an even size covers different neighbours.',
    begin: { size: 5 },
    options: neighbouring,
    output(_options, input) {
      channelsAnd(2, input);
      return input;
    },
  }),
  layer({
    name: 'Normalize',
    family: 'normalisation',
    help: 'Divides by the norm along a dimension: vectors of length one.',
    options: {
      p: number('Degree of the norm: 2 is Euclidean, 1 sums absolute values.', { default: 2 }),
      dim: integer('Dimension to normalise along; 0 is the batch, -1 the last.', { default: 1 }),
      eps: number('Lower bound of the norm, to avoid division by zero.', { minimum: 0, default: 1e-12 }),
    },
    output({ dim }, input) {
      sampleDimension(dim, 'dim', input.length);
      return input;
    },
  }),
];

function batchNorm(dimensions: Dimensions) {
  return layer({
    name: `BatchNorm${dimensions}d`,
    family: 'normalisation',
    help: 'Gives every channel zero mean and unit variance over the batch, then scales and shifts it.',
    options: batchNormOptions,
    output({ num_features }, input) {
      channelsAnd(dimensions, input);
      return withChannels('channels', num_features, 'num_features', input);
    },
    parameters: ({ affine, num_features, bias }) => scaleAndShift(affine, [num_features], bias),
    buffers: runningStatistics,
  });
}

function instanceNorm(dimensions: Dimensions) {
  return layer({
    name: `InstanceNorm${dimensions}d`,
    family: 'normalisation',
    help: 'Gives every channel of every sample zero mean and unit variance; does not depend on the batch.',
    options: instanceNormOptions,
    output({ num_features }, input) {
      const { sizes } = channelsAnd(dimensions, input);
      withChannels('channels', num_features, 'num_features', input);
      return elementCount(sizes) > 1 ? input : refuse('needs more than one element per channel to compute a variance');
    },
    parameters: ({ affine, num_features, bias }) => scaleAndShift(affine, [num_features], bias),
    buffers: runningStatistics,
  });
}

function endingIn(expected: Shape, input: Shape): Shape {
  const end = input.slice(-expected.length);
  if (end.length < expected.length || end.some((size, index) => size !== expected[index])) {
    refuse(
      `expects an input that ends in ${formatShape(expected)} but receives ${formatShape(input)}`,
      'normalized_shape',
    );
  }
  return input;
}

function channelsOf(input: Shape): number {
  return input[0] ?? refuse('expects at least one dimension besides the batch but receives none');
}

function withChannels(what: string, expected: number, option: string, input: Shape): Shape {
  const channels = channelsOf(input);
  return channels === expected ? input : refuse(`expects ${expected} ${what} but receives ${channels}`, option);
}

function scaleAndShift(learned: boolean, shape: Shape, bias: boolean): readonly ParameterDeclaration[] {
  if (!learned) return [];
  const scale = { name: 'weight', shape, kind: 'norm' } as const;
  return bias ? [scale, { name: 'bias', shape, kind: 'bias' }] : [scale];
}

function runningStatistics(options: {
  readonly track_running_stats: boolean;
  readonly num_features: number;
}): readonly BufferDeclaration[] {
  if (!options.track_running_stats) return [];
  const shape = [options.num_features];
  return [
    { name: 'running_mean', shape },
    { name: 'running_var', shape },
    { name: 'num_batches_tracked', shape: [] },
  ];
}
