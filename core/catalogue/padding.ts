import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import { choice, integers, number, signedIntegers } from './option.ts';
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
    name: 'Pad',
    family: 'padding',
    help: 'Pads the last dimensions of any input.',
    begin: { pad: [1, 1] },
    options: {
      pad: signedIntegers(
        'Elements added before and after the last dimension, then the one before it; negative numbers remove elements.',
      ),
      mode: choice(
        'Values of the added elements: a constant, the mirrored input, the repeated edge, or the opposite side.',
        ['constant', 'reflect', 'replicate', 'circular'],
        'constant',
      ),
      value: number('Value of the added elements with "constant".', { default: 0 }),
    },
    output({ pad, mode }, input) {
      if (pad.length % 2 !== 0) refuse(`needs two numbers per dimension as pad, not ${pad.length}`, 'pad');
      if (mode !== 'constant') {
        const dimensions = pad.length / 2;
        if (dimensions > 3 || (input.length !== dimensions && input.length !== dimensions + 1)) {
          refuse(`needs two numbers for each dimension besides the channels with "${mode}"`, 'pad');
        }
        if (pad.some((added) => added < 0)) refuse(`cannot remove elements with "${mode}"`, 'pad');
      }
      refuseWrongEdge(pad, mode, input, 'pad');
      const output = padded(pad, input);
      return output.every((size) => size > 0) ? output : refuse(`leaves nothing of ${formatShape(input)}`, 'pad');
    },
  }),
  layer({
    name: 'ZeroPad2d',
    family: 'padding',
    help: 'Adds zeros around the image.',
    begin: { padding: 1 },
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
    help: 'Pads the edges with a constant value.',
    begin: { padding: 1, value: 0 },
    options: { padding: paddingOption(dimensions), value: number('Value of the added elements.', {}) },
    output: ({ padding }, input) => padded(padding, input),
  });
}

function reflectionPad(dimensions: 1 | 2) {
  return layer({
    name: `ReflectionPad${dimensions}d`,
    family: 'padding',
    help: 'Pads the edges with the mirrored input.',
    begin: { padding: 1 },
    options: { padding: paddingOption(dimensions) },
    output({ padding }, input) {
      channelsAnd(dimensions, input);
      refuseWrongEdge(padding, 'reflect', input, 'padding');
      return padded(padding, input);
    },
  });
}

function replicationPad(dimensions: Dimensions) {
  return layer({
    name: `ReplicationPad${dimensions}d`,
    family: 'padding',
    help: 'Pads the edges by repeating the outermost elements.',
    begin: { padding: 1 },
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

/** What is mirrored or comes from the other end has to be there. */
export function refuseWrongEdge(padding: readonly number[], mode: string, input: Shape, option: string): void {
  if (mode !== 'reflect' && mode !== 'circular') return;
  input.toReversed().forEach((size, index) => {
    const added = Math.max(padding[2 * index] ?? 0, padding[2 * index + 1] ?? 0);
    const most = mode === 'reflect' ? size - 1 : size;
    if (added > most) {
      refuse(
        `can ${mode === 'reflect' ? 'mirror' : 'repeat'} at most ${most} of ${size} elements, not ${added}`,
        option,
      );
    }
  });
}

/** `padding` has before and after of the last dimension first. Dimensions before them stay. */
export function padded(padding: readonly number[], input: Shape): Shape {
  const dimensions = padding.length / 2;
  if (input.length < dimensions) {
    refuse(`expects at least ${dimensions} dimensions besides the batch but receives ${formatShape(input)}`);
  }
  return input.map((size, index) => {
    const fromEnd = 2 * (input.length - 1 - index);
    return size + (padding[fromEnd] ?? 0) + (padding[fromEnd + 1] ?? 0);
  });
}
