import { layer } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, choice, integer, number, optional } from './option.ts';
import { refuse } from './refusal.ts';
import { formatShape } from './shape.ts';

const rows = integer('Number of rows; the input has whole numbers from 0 to one less than this.', { minimum: 1 });
const columns = integer('Size of each row.', { minimum: 1 });

const tableOptions = {
  num_embeddings: rows,
  embedding_dim: columns,
  padding_idx: optional(integer('Row that stays zero and is not trained, for padding; -1 is the last.')),
  max_norm: optional(number('Rows that are used are scaled down to at most this norm.', { minimum: 0 })),
  norm_type: number('Which norm: 2 is the length, 1 the sum of absolute values.', { default: 2 }),
  scale_grad_by_freq: boolean('Divides the gradient of each row by how often it occurs in the batch.', false),
};

const position: Pick<ParameterDeclaration, 'name' | 'kind'> = { name: 'pos', kind: 'weight' };

export const embedding = [
  layer({
    name: 'Embedding',
    family: 'embedding',
    help: 'Looks up a learned row for every whole number, such as words or classes.',
    begin: { num_embeddings: 256, embedding_dim: 64 },
    options: tableOptions,
    output(options, input) {
      refuseWrongPadding(options);
      return [...input, options.embedding_dim];
    },
    parameters: tableOf,
  }),
  layer({
    name: 'EmbeddingBag',
    family: 'embedding',
    help: 'The mean, sum or maximum of the learned rows of several whole numbers, whose order does not matter.',
    begin: { num_embeddings: 256, embedding_dim: 64 },
    options: {
      ...tableOptions,
      mode: choice('How the rows are combined.', ['mean', 'sum', 'max'], 'mean'),
    },
    output(options, input) {
      if (input.length !== 1) refuse(`expects [numbers] but receives ${formatShape(input)}`);
      refuseWrongPadding(options);
      if (options.mode === 'max' && options.scale_grad_by_freq) {
        refuse('cannot scale gradients by frequency with "max"', 'scale_grad_by_freq');
      }
      return [options.embedding_dim];
    },
    parameters: tableOf,
  }),
  layer({
    name: 'EmbedPosition',
    family: 'embedding',
    help: 'Adds a learned row to every position of a sequence.',
    options: {
      rows: integer('Length of the longest sequence.', {
        minimum: 1,
        infer: (input) => input[0] ?? refuse('expects a sequence but receives one number'),
      }),
      cols: integer('Size of each row.', {
        minimum: 1,
        infer: (input) => (input.length === 2 ? input[1]! : refuse('needs cols', 'cols')),
      }),
      added: boolean(
        'Adds the rows to an input [length, cols]; if off, outputs the rows alone, for any sequence.',
        true,
      ),
    },
    output({ rows, cols, added }, input) {
      const [length, features] = input;
      if (length === undefined || input.length > 2)
        return refuse(`expects [length, cols] but receives ${formatShape(input)}`);
      if (length > rows) refuse(`has rows for ${rows} steps, but the sequence has ${length}`, 'rows');
      if (!added) return [length, cols];
      if (features === undefined) return refuse(`adds to [length, cols] but receives ${formatShape(input)}`, 'added');
      return features === cols
        ? input
        : refuse(`has rows of ${cols} numbers, but the input has ${features} features`, 'cols');
    },
    parameters: ({ rows, cols }) => [{ ...position, shape: [1, rows, cols] }],
  }),
  layer({
    name: 'EmbedSequence',
    family: 'embedding',
    help: 'Embeds a sequence of whole numbers: the sum of a learned row for each number and one for its position.',
    begin: { rows: 256, cols: 64 },
    options: {
      rows,
      cols: columns,
      length: integer('Length of the longest sequence.', {
        minimum: 1,
        infer: (input) => input[0] ?? refuse('expects a sequence but receives one number'),
      }),
    },
    output({ cols, length }, input) {
      const [steps] = input;
      if (steps === undefined || input.length !== 1)
        return refuse(`expects [length] but receives ${formatShape(input)}`);
      return steps <= length ? [steps, cols] : refuse(`has rows for ${length} steps but receives ${steps}`, 'length');
    },
    parameters: ({ rows, cols, length }) => [
      { name: 'tok.weight', shape: [rows, cols], kind: 'weight' },
      { name: 'pos.pos', shape: [1, length, cols], kind: 'weight' },
    ],
  }),
  layer({
    name: 'OneHot',
    family: 'embedding',
    help: 'One-hot encoding: every whole number becomes a row of zeros with a single one.',
    begin: { num_classes: 10 },
    options: {
      num_classes: integer('Number of classes; the input has whole numbers from 0 to one less than this.', {
        minimum: 1,
      }),
    },
    output: ({ num_classes }, input) => [...input, num_classes],
  }),
];

interface Table {
  readonly num_embeddings: number;
  readonly embedding_dim: number;
  readonly padding_idx: number | null;
}

function tableOf({ num_embeddings, embedding_dim }: Table): readonly ParameterDeclaration[] {
  return [{ name: 'weight', shape: [num_embeddings, embedding_dim], kind: 'weight' }];
}

function refuseWrongPadding({ num_embeddings, padding_idx }: Table): void {
  if (padding_idx === null || (padding_idx < num_embeddings && padding_idx >= -num_embeddings)) return;
  refuse(`has no row ${padding_idx}: there are ${num_embeddings}`, 'padding_idx');
}
