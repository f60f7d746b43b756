import { sampleDimension } from './dimension.ts';
import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import { choice, integer, integers, number, numbers } from './option.ts';
import { padded, refuseWrongEdge } from './padding.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';

/** What is done to images on their way in; what is random is done while training only. */
export const transform = [
  layer({
    name: 'RandomCrop',
    family: 'transform',
    help: 'Crops a random window of each padded image in training, and the centre in evaluation.',
    begin: { size: 28, padding: 4 },
    options: {
      size: integers('Height and width of the window.', 1, { count: 2 }),
      padding: integers('Elements added first: one number for all edges, or left, right, top, bottom.', 0, {
        count: 4,
        default: [0, 0, 0, 0],
      }),
      mode: choice(
        'Values of the added elements: a constant, the mirrored image, its repeated edge, or its opposite side.',
        ['constant', 'reflect', 'replicate', 'circular'],
        'constant',
      ),
      value: number('Value of the added elements with "constant".', { default: 0 }),
    },
    output({ size, padding, mode }, input) {
      imageSizes(input);
      refuseWrongEdge(padding, mode, input, 'padding');
      const [channels, height, width] = padded(padding, input);
      const [rows, columns] = size as readonly [number, number];
      if (rows > height! || columns > width!) {
        refuse(`cannot cut ${rows}×${columns} pixels out of ${height}×${width}`, 'size');
      }
      return [channels!, rows, columns];
    },
  }),
  layer({
    name: 'RandomFlip',
    family: 'transform',
    help: 'Mirrors random samples in training; dimension -1 flips horizontally, -2 vertically.',
    options: {
      p: number('Probability that a sample is mirrored.', { minimum: 0, maximum: 1, default: 0.5 }),
      dim: integer('Dimension to flip; 0 is the batch, -1 the last.', { default: -1 }),
    },
    output({ dim }, input) {
      sampleDimension(dim, 'dim', input.length);
      return input;
    },
  }),
  layer({
    name: 'Cutout',
    family: 'transform',
    help: 'Sets a square at a random position of each image to zero in training.',
    begin: { size: 8 },
    options: {
      size: integer('Side length of the square, in pixels. The square may reach over the edge.', { minimum: 1 }),
    },
    output(_options, input) {
      imageSizes(input);
      return input;
    },
  }),
  layer({
    name: 'ZScore',
    family: 'transform',
    help: 'Subtracts the mean of the data and divides by its standard deviation, channel by channel.',
    begin: { mean: 0.5, std: 0.5 },
    options: {
      mean: numbers('Mean of each channel; one number applies to all.'),
      std: numbers('Standard deviation of each channel; one number applies to all.'),
    },
    output({ mean, std }, input) {
      const channels = input[0] ?? refuse(`expects channels but receives ${formatShape(input)}`);
      for (const [option, list] of Object.entries({ mean, std })) {
        if (list.length !== 1 && list.length !== channels) {
          refuse(`needs one number or ${channels} as ${option}, not ${list.length}`, option);
        }
      }
      if (std.includes(0)) refuse('cannot divide by a standard deviation of 0', 'std');
      return input;
    },
  }),
];
