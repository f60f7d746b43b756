import { sampleDimension } from './dimension.ts';
import { layer } from './layer-type.ts';
import { integer, integers } from './option.ts';
import { refuse } from './refusal.ts';
import { splitInto } from './reshape.ts';
import { elementCount, formatShape } from './shape.ts';

const dim = integer('Dimension; 0 is the batch, -1 the last.');

/** What PyTorch has as functions of a tensor; the Python code brings its classes along. */
export const rearrange = [
  layer({
    name: 'Reshape',
    family: 'shape',
    help: 'Reshapes each sample, keeping the order of its elements.',
    begin: { shape: [-1] },
    options: { shape: integers('Sizes without the batch; one may be -1 and follows from the others.', -1) },
    output: ({ shape }, input) => splitInto(shape, elementCount(input), 'shape'),
  }),
  layer({
    name: 'Permute',
    family: 'shape',
    help: 'Permutes the dimensions.',
    begin: { dims: [0, 2, 1] },
    options: { dims: integers('The old dimensions in their new order, the batch, 0, first.', 0) },
    output({ dims }, input) {
      const isOrder =
        dims.length === input.length + 1 && dims.toSorted((a, b) => a - b).every((at, index) => at === index);
      if (!isOrder)
        refuse(`needs each number from 0 to ${input.length} once as dims, not ${formatShape(dims)}`, 'dims');
      if (dims[0] !== 0) refuse('cannot move the batch: dims must begin with 0', 'dims');
      return dims.slice(1).map((at) => input[at - 1]!);
    },
  }),
  layer({
    name: 'Transpose',
    family: 'shape',
    help: 'Swaps two dimensions.',
    begin: { dim0: 1, dim1: 2 },
    options: {
      dim0: integer('First dimension; 0 is the batch, -1 the last.'),
      dim1: integer('Second dimension; 0 is the batch, -1 the last.'),
    },
    output({ dim0, dim1 }, input) {
      const first = sampleDimension(dim0, 'dim0', input.length);
      const second = sampleDimension(dim1, 'dim1', input.length);
      return input.with(first, input[second]!).with(second, input[first]!);
    },
  }),
  layer({
    name: 'Squeeze',
    family: 'shape',
    help: 'Removes a dimension of size 1; keeps a larger one.',
    begin: { dim: -1 },
    options: { dim },
    output({ dim }, input) {
      const at = sampleDimension(dim, 'dim', input.length);
      return input[at] === 1 ? input.toSpliced(at, 1) : input;
    },
  }),
  layer({
    name: 'Unsqueeze',
    family: 'shape',
    help: 'Inserts a dimension of size 1.',
    begin: { dim: 1 },
    options: { dim: integer('Position of the new dimension; 0 is the batch, -1 the last.') },
    output({ dim }, input) {
      return input.toSpliced(sampleDimension(dim, 'dim', input.length + 1), 0, 1);
    },
  }),
  layer({
    name: 'Select',
    family: 'shape',
    help: 'Selects one index along a dimension and removes the dimension, such as the last step of a sequence.',
    begin: { dim: 1, index: -1 },
    options: { dim, index: integer('Index to select; -1 is the last.') },
    output({ dim, index }, input) {
      const at = sampleDimension(dim, 'dim', input.length);
      const size = input[at]!;
      if (index >= size || index < -size) refuse(`has no index ${index}: the dimension has ${size}`, 'index');
      return input.toSpliced(at, 1);
    },
  }),
  layer({
    name: 'IndexSelect',
    family: 'shape',
    help: 'Selects several indices along a dimension, in the given order, with repetition.',
    begin: { dim: 1, index: [0] },
    options: { dim, index: integers('Indices to select, counted from 0.', 0) },
    output({ dim, index }, input) {
      const at = sampleDimension(dim, 'dim', input.length);
      const wrong = index.find((place) => place >= input[at]!);
      if (wrong !== undefined) refuse(`has no index ${wrong}: the dimension has ${input[at]}`, 'index');
      return input.with(at, index.length);
    },
  }),
  layer({
    name: 'Expand',
    family: 'shape',
    help: 'Expands dimensions of size 1 by repetition, without copying.',
    begin: { size: [-1, -1, -1] },
    options: {
      size: integers('Sizes without the batch; -1 keeps one. New dimensions come first.', -1),
    },
    output({ size }, input) {
      const added = size.length - input.length;
      if (added < 0) refuse(`needs at least ${input.length} sizes, not ${size.length}`, 'size');
      return size.map((wanted, index) => {
        const present = input[index - added] ?? 1;
        if (wanted === 0) return refuse('cannot expand to a dimension of size 0', 'size');
        if (wanted === -1) return present;
        if (present === 1 || present === wanted) return wanted;
        return refuse(`cannot expand a dimension of size ${present} to ${wanted}`, 'size');
      });
    },
  }),
];
