import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import type { BufferDeclaration, ParameterDeclaration } from './layer-type.ts';
import { boolean, integer, integers, number } from './option.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Shape } from './shape.ts';

const eps = number('Added to the variance, against division by zero.', { minimum: 0, default: 1e-5 });

const batchNormOptions = {
  num_features: integer('Channels of the input.', { minimum: 1, infer: channelsOf }),
  eps,
  momentum: number('Share of the new batch in the running mean and variance.', {
    minimum: 0,
    maximum: 1,
    default: 0.1,
  }),
  affine: boolean('Learns a scale and a shift for every channel.', true),
  track_running_stats: boolean('Keeps running statistics and evaluates with them.', true),
};

export const normalisation = [
  layer({
    name: 'BatchNorm1d',
    family: 'normalisation',
    help: 'Gives every feature zero mean and unit variance over the batch, then scales and shifts it.',
    options: batchNormOptions,
    output({ num_features }, input) {
      if (input.length !== 1 && input.length !== 2) {
        refuse(`expects [features] or [features, length], gets ${formatShape(input)}`);
      }
      return withChannels('features', num_features, 'num_features', input);
    },
    parameters: ({ affine, num_features }) => scaleAndShift(affine, [num_features]),
    buffers: runningStatistics,
  }),
  layer({
    name: 'BatchNorm2d',
    family: 'normalisation',
    help: 'Gives every channel zero mean and unit variance over the batch, then scales and shifts it.',
    options: batchNormOptions,
    output({ num_features }, input) {
      imageSizes(input);
      return withChannels('channels', num_features, 'num_features', input);
    },
    parameters: ({ affine, num_features }) => scaleAndShift(affine, [num_features]),
    buffers: runningStatistics,
  }),
  layer({
    name: 'GroupNorm',
    family: 'normalisation',
    help: 'Normalises each sample over groups of channels; does not depend on the batch.',
    options: {
      num_groups: integer('Groups the channels are split into.', { minimum: 1 }),
      num_channels: integer('Channels of the input.', { minimum: 1, infer: channelsOf }),
      eps,
      affine: boolean('Learns a scale and a shift for every channel.', true),
    },
    output({ num_groups, num_channels }, input) {
      if (num_channels % num_groups !== 0)
        refuse(`cannot split ${num_channels} channels into ${num_groups} groups`, 'num_groups');
      return withChannels('channels', num_channels, 'num_channels', input);
    },
    parameters: ({ affine, num_channels }) => scaleAndShift(affine, [num_channels]),
  }),
  layer({
    name: 'LayerNorm',
    family: 'normalisation',
    help: 'Normalises each sample over its last dimensions; does not depend on the batch.',
    options: {
      normalized_shape: integers('Sizes of the last dimensions, over which is normalised.', 1),
      eps,
      elementwise_affine: boolean('Learns a scale for every element.', true),
      bias: boolean('Learns a shift as well.', true),
    },
    output({ normalized_shape }, input) {
      const end = input.slice(-normalized_shape.length);
      if (end.length < normalized_shape.length || end.some((size, index) => size !== normalized_shape[index])) {
        refuse(
          `expects an input that ends in ${formatShape(normalized_shape)}, gets ${formatShape(input)}`,
          'normalized_shape',
        );
      }
      return input;
    },
    parameters: ({ elementwise_affine, bias, normalized_shape }) =>
      scaleAndShift(elementwise_affine, normalized_shape).slice(0, bias ? 2 : 1),
  }),
];

function channelsOf(input: Shape): number {
  return input[0] ?? refuse('expects at least one dimension beside the batch, gets none');
}

function withChannels(what: string, expected: number, option: string, input: Shape): Shape {
  const channels = channelsOf(input);
  return channels === expected ? input : refuse(`expects ${expected} ${what}, gets ${channels}`, option);
}

function scaleAndShift(learned: boolean, shape: Shape): readonly ParameterDeclaration[] {
  if (!learned) return [];
  return [
    { name: 'weight', shape, kind: 'norm' },
    { name: 'bias', shape, kind: 'bias' },
  ];
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
