import { sampleDimension } from './dimension.ts';
import { layer } from './layer-type.ts';
import { integer } from './option.ts';
import { refuse } from './refusal.ts';
import { elementCount } from './shape.ts';

export const reshape = [
  layer({
    name: 'Flatten',
    family: 'shape',
    help: 'Lays neighbouring dimensions out as one: an image becomes a vector.',
    options: {
      start_dim: integer('First dimension; counts the batch as 0.', { default: 1 }),
      end_dim: integer('Last dimension; -1 is the last there is.', { default: -1 }),
    },
    output({ start_dim, end_dim }, input) {
      const start = sampleDimension(start_dim, 'start_dim', input.length);
      const end = sampleDimension(end_dim, 'end_dim', input.length);
      if (start > end) refuse(`ends (${end_dim}) before it starts (${start_dim})`, 'end_dim');
      return [...input.slice(0, start), elementCount(input.slice(start, end + 1)), ...input.slice(end + 1)];
    },
  }),
];
