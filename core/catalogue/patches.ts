import { imageSizes } from './image.ts';
import { layer } from './layer-type.ts';
import { refuse } from './refusal.ts';
import { elementCount, formatShape } from './shape.ts';
import { windowOptions } from './window-options.ts';

interface Windows {
  readonly kernel_size: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: readonly number[];
  readonly stride: readonly number[];
}

const { extent, sizes, kernel, stride, dilation } = windowOptions(2);

const windows = {
  kernel_size: kernel(`${extent} of a patch.`),
  dilation: dilation('Distance between the pixels of a patch.'),
  padding: sizes('Zero pixels added on every side of the image.', { minimum: 0, default: 0 }),
  stride: stride('Step between two patches.'),
};

export const patches = [
  layer({
    name: 'Unfold',
    family: 'convolution',
    help: 'Extracts patches of the image; each becomes a column of the output.',
    begin: { kernel_size: 2, stride: 2 },
    options: windows,
    output(options, input) {
      const [channels, height, width] = imageSizes(input);
      return [channels * elementCount(options.kernel_size), patchCount(options, [height, width])];
    },
  }),
  layer({
    name: 'Fold',
    family: 'convolution',
    help: 'Arranges columns as patches of an image and sums them where they overlap.',
    begin: { output_size: 28, kernel_size: 2, stride: 2 },
    options: { output_size: kernel(`${extent} of the image.`), ...windows },
    output({ output_size, ...options }, input) {
      const [columns, count] = input;
      if (columns === undefined || count === undefined || input.length !== 2) {
        return refuse(`expects [channels × patch, patches] but receives ${formatShape(input)}`);
      }
      const patch = elementCount(options.kernel_size);
      if (columns % patch !== 0) refuse(`cannot arrange ${columns} elements as patches of ${patch}`, 'kernel_size');
      const expected = patchCount(options, output_size);
      if (count !== expected) refuse(`needs ${expected} patches for its image but receives ${count}`, 'output_size');
      return [columns / patch, ...output_size];
    },
  }),
];

function patchCount({ kernel_size, dilation, padding, stride }: Windows, image: readonly number[]): number {
  return elementCount(
    image.map((size, side) => {
      const reach = dilation[side]! * (kernel_size[side]! - 1) + 1;
      const room = size + 2 * padding[side]! - reach;
      if (room < 0) {
        refuse(`has patches that span ${reach} pixels, but the padded image has only ${room + reach}`, 'kernel_size');
      }
      return Math.floor(room / stride[side]!) + 1;
    }),
  );
}
