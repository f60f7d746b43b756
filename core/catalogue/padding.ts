import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import { integers, number } from './option.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';
import type { Dimensions, Shape } from './shape.ts';

const edges = {
  1: 'left, right',
  2: 'left, right, top, bottom',
  3: 'left, right, top, bottom, front, back',
} as const;

export const padding = [
  layer({
    name: 'ZeroPad2d',
    family: 'padding',
    help: 'Adds zeros around the image.',
    options: { padding: paddingOption(2) },
    output: ({ padding }, input) => padded(padding, input),
  }),
  constantPad(2),
  constantPad(1),
  constantPad(3),
  reflectionPad(2),
  reflectionPad(1),
  replicationPad(2),
  replicationPad(1),
  replicationPad(3),
];

function constantPad(dimensions: Dimensions) {
  return layer({
    name: `ConstantPad${dimensions}d`,
    family: 'padding',
    help: 'Adds elements of one value at the edges.',
    options: { padding: paddingOption(dimensions), value: number('What the added elements hold.', {}) },
    output: ({ padding }, input) => padded(padding, input),
  });
}

function reflectionPad(dimensions: 1 | 2) {
  return layer({
    name: `ReflectionPad${dimensions}d`,
    family: 'padding',
    help: 'Adds what lies inside the edges, mirrored at them.',
    options: { padding: paddingOption(dimensions) },
    output({ padding }, input) {
      const { sizes } = channelsAnd(dimensions, input);
      sizes.toReversed().forEach((size, index) => {
        const added = Math.max(padding[2 * index]!, padding[2 * index + 1]!);
        if (added >= size) refuse(`can mirror at most ${size - 1} of ${size} elements, not ${added}`, 'padding');
      });
      return padded(padding, input);
    },
  });
}

function replicationPad(dimensions: Dimensions) {
  return layer({
    name: `ReplicationPad${dimensions}d`,
    family: 'padding',
    help: 'Repeats the elements at the edges.',
    options: { padding: paddingOption(dimensions) },
    output({ padding }, input) {
      channelsAnd(dimensions, input);
      return padded(padding, input);
    },
  });
}

function paddingOption(dimensions: Dimensions) {
  return integers(`Elements added: one number for all edges, or ${edges[dimensions]}.`, 0, { count: 2 * dimensions });
}

/** `padding` has before and after of the last dimension first. Dimensions before them stay. */
function padded(padding: readonly number[], input: Shape): Shape {
  const dimensions = padding.length / 2;
  if (input.length < dimensions) {
    refuse(`expects at least ${dimensions} dimensions beside the batch, gets ${formatShape(input)}`);
  }
  return input.map((size, index) => {
    const fromEnd = 2 * (input.length - 1 - index);
    return size + (padding[fromEnd] ?? 0) + (padding[fromEnd + 1] ?? 0);
  });
}
