import { sampleDimension } from './dimension.ts';
import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import { integer, integers } from './option.ts';
import { refuse } from './refusal.ts';
import { elementCount, formatShape } from './shape.ts';
import type { Shape } from './shape.ts';

export const reshape = [
  layer({
    name: 'Flatten',
    family: 'shape',
    help: 'Flattens neighbouring dimensions into one: an image becomes a vector.',
    options: {
      start_dim: integer('First dimension to flatten; 0 is the batch.', { default: 1 }),
      end_dim: integer('Last dimension to flatten; -1 is the last.', { default: -1 }),
    },
    output({ start_dim, end_dim }, input) {
      const start = sampleDimension(start_dim, 'start_dim', input.length);
      const end = sampleDimension(end_dim, 'end_dim', input.length);
      if (start > end) refuse(`ends (${end_dim}) before it starts (${start_dim})`, 'end_dim');
      return [...input.slice(0, start), elementCount(input.slice(start, end + 1)), ...input.slice(end + 1)];
    },
  }),
  layer({
    name: 'Unflatten',
    family: 'shape',
    help: 'Splits one dimension into several: a vector becomes an image.',
    begin: { dim: 1, unflattened_size: [-1, 4, 4] },
    options: {
      dim: integer('Dimension that is split; 0 is the batch, -1 the last.'),
      unflattened_size: integers('Sizes it is split into; one may be -1 and follows from the others.', -1),
    },
    output({ dim, unflattened_size }, input) {
      const at = sampleDimension(dim, 'dim', input.length);
      return [
        ...input.slice(0, at),
        ...splitInto(unflattened_size, input[at]!, 'unflattened_size'),
        ...input.slice(at + 1),
      ];
    },
  }),
  layer({
    name: 'PixelShuffle',
    family: 'shape',
    help: 'Makes the image larger: every square of r·r channels becomes a square of r·r pixels.',
    begin: { upscale_factor: 2 },
    options: { upscale_factor: integer('r: how many times higher and wider.', { minimum: 1 }) },
    output({ upscale_factor: factor }, input) {
      const [channels, height, width] = imageSizes(input);
      if (channels % factor ** 2 !== 0) {
        refuse(`needs a multiple of ${factor ** 2} channels but receives ${channels}`, 'upscale_factor');
      }
      return [channels / factor ** 2, height * factor, width * factor];
    },
  }),
  layer({
    name: 'PixelUnshuffle',
    family: 'shape',
    help: 'Makes the image smaller: every square of r·r pixels becomes r·r channels.',
    begin: { downscale_factor: 2 },
    options: { downscale_factor: integer('r: how many times lower and narrower.', { minimum: 1 }) },
    output({ downscale_factor: factor }, input) {
      const [channels, height, width] = imageSizes(input);
      if (height % factor !== 0 || width % factor !== 0) {
        refuse(`cannot divide ${height}×${width} pixels into squares of ${factor}`, 'downscale_factor');
      }
      return [channels * factor ** 2, height / factor, width / factor];
    },
  }),
  layer({
    name: 'ChannelShuffle',
    family: 'shape',
    help: 'Shuffles the channels of the groups, so that the next grouped convolution sees channels of every group.',
    begin: { groups: 2 },
    options: { groups: integer('Number of groups the channels come from.', { minimum: 1 }) },
    output({ groups }, input) {
      if (input.length < 2)
        refuse(`expects channels and at least one more dimension but receives ${formatShape(input)}`);
      if (input[0]! % groups !== 0) refuse(`cannot split ${input[0]} channels into ${groups} groups`, 'groups');
      return input;
    },
  }),
];

/** Sizes of that many elements, of which one may be -1; the Refusal blames `option`. */
export function splitInto(sizes: readonly number[], total: number, option: string): Shape {
  const given = elementCount(sizes.filter((size) => size !== -1));
  const open = sizes.filter((size) => size === -1).length;
  const fits = open === 0 ? given === total : open === 1 && given > 0 && total % given === 0;
  if (!fits) refuse(`cannot reshape ${total} elements to ${formatShape(sizes)}`, option);
  return sizes.map((size) => (size === -1 ? total / given : size));
}
