import { channelsAnd } from './image.ts';
import { layer } from './layer-type.ts';
import { integers, numbers, optional } from './option.ts';
import { refuse } from './refusal.ts';

/** Graham 2014, arXiv 1412.6071: windows at random distances, so that an image shrinks by a factor that is no whole number. */
export const fractionalPooling = ([2, 3] as const).map((dimensions) => {
  const extent = dimensions === 2 ? 'Height and width' : 'Depth, height and width';
  return layer({
    name: `FractionalMaxPool${dimensions}d`,
    family: 'pooling',
    help: 'The largest element of each window; the windows lie at random distances, even in evaluation.',
    begin: { kernel_size: 2, output_ratio: 0.7 },
    options: {
      kernel_size: integers(`${extent} of the window.`, 1, { count: dimensions }),
      output_size: optional(integers(`${extent} of the output.`, 1, { isOneForAll: true })),
      output_ratio: optional(
        numbers('Size of the output as a fraction of the input, between 0 and 1, instead of a size.'),
      ),
    },
    output({ kernel_size, output_size, output_ratio }, input) {
      const { channels, sizes } = channelsAnd(dimensions, input);
      if (output_size !== null && output_ratio !== null) refuse('takes a size or a ratio, not both', 'output_size');
      const given = output_size ?? output_ratio ?? refuse('needs an output_size or an output_ratio', 'output_size');
      const option = output_size === null ? 'output_ratio' : 'output_size';
      if (given.length !== 1 && given.length !== dimensions) {
        refuse(`needs one number or ${dimensions} as ${option}, not ${given.length}`, option);
      }
      if (output_ratio?.some((ratio) => ratio <= 0 || ratio >= 1) === true) {
        refuse('needs ratios between 0 and 1', 'output_ratio');
      }
      const pooled = sizes.map((size, side) => {
        const wanted = given[given.length === 1 ? 0 : side]!;
        return output_size === null ? Math.floor(size * wanted) : wanted;
      });
      pooled.forEach((count, side) => {
        if (count < 1) refuse(`leaves nothing of ${sizes[side]} elements`, option);
        // In three dimensions libtorch wants one element more.
        const reach = count + kernel_size[side]! + dimensions - 3;
        if (reach > sizes[side]!) {
          refuse(
            `needs at least ${reach} elements for ${count} windows of ${kernel_size[side]} but receives ${sizes[side]}`,
            option,
          );
        }
      });
      return [channels, ...pooled];
    },
  });
});
