import { elementCount } from '../../core/catalogue/shape.ts';
import type { Failure } from '../../core/failure.ts';
import { counted } from '../../core/format.ts';
import { readCell, readFlag } from '../datasets/import/cell.ts';
import type { DecimalSign } from '../datasets/import/cell.ts';
import { noNumberWords } from '../datasets/import/csv-cells.ts';
import { csvRows, describeTable } from '../datasets/import/csv-rows.ts';
import type { CsvRow } from '../datasets/import/csv-rows.ts';
import { npyRows, openNpy } from '../datasets/import/npy-file.ts';
import { NumberWriting } from '../datasets/import/number-writing.ts';
import { isHeader, namesOfColumns, rowsBelowHeader } from '../datasets/import/table-header.ts';
import { fail } from '../failures.ts';

/** Samples of a file as the numbers that the data set holds, before normalisation. */
export interface FileSamples {
  readonly file: string;
  /** One a sample, in double precision. */
  readonly rows: readonly Float64Array[];
  /** Where each stands: its line in a table, its index in an array. */
  readonly places: readonly ({ readonly line: number } | { readonly index: number })[];
  /** Why others cannot be used, a sentence for each. */
  readonly refused: readonly Failure[];
}

export interface SampleShape {
  readonly inputShape: readonly number[];
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
  /** Those that the table of the training wrote with a decimal comma, as far as it is known. */
  readonly commaColumns?: readonly string[];
}

export const tableEnding = /\.(csv|tsv|txt)$/i;
export const arrayEnding = /\.npy$/i;

/**
 * The rows of a table, their columns found by name; others are not looked at. A table that does not show whether its
 * numbers have decimal commas is read as that of the training. A row that lacks a number is refused with its line and
 * columns. Throws a FailureError that names the columns that are missing.
 */
export async function rowsOfTable(file: string, { columnNames, commaColumns }: SampleShape): Promise<FileSamples> {
  const table = await describeTable(file);
  const all: CsvRow[] = [];
  for await (const row of csvRows(table)) all.push(row);
  const [first, ...below] = all;
  if (first === undefined) fail('badData', `${file} holds no rows.`, { at: file });
  const isNamed = (cells: readonly string[]): boolean => columnNames.every((name) => cells.includes(name));
  const near = below.slice(0, rowsBelowHeader).map(({ cells }) => cells);
  const hasHeader = isNamed(first.cells) || isHeader(first.cells, near, table.decimals);
  const names = namesOfColumns(first.cells, hasHeader);
  const missing = columnNames.filter((name) => !names.includes(name));
  if (missing.length > 0) refuseMissing(file, missing, hasHeader);
  const samples = hasHeader ? below : all;
  const writing = new NumberWriting(table.delimiter);
  for (const { cells } of samples) writing.add(cells);
  const { decimals, shown } = writing.format();
  const columns = columnNames.map((name) => {
    const column = names.indexOf(name);
    const isAsTrained = shown.size === 0 && commaColumns?.includes(name) === true;
    return { name, column, decimal: isAsTrained ? (',' as const) : decimals[column] };
  });
  const rows: Float64Array[] = [];
  const places: { line: number }[] = [];
  const refused: Failure[] = [];
  for (const { cells, line } of samples) {
    const values = columns.map(({ column, decimal }) => valueOf(cells[column] ?? '', decimal));
    if (values.every((value) => value !== null)) {
      rows.push(Float64Array.from(values));
      places.push({ line });
      continue;
    }
    const reasons = columns
      .filter((_, place) => values[place] === null)
      .map(({ name, column, decimal }) => `${name} ${cellRefusal(cells[column] ?? '', decimal)}`);
    const more = reasons.length > reasonsShown ? `; and ${counted(reasons.length - reasonsShown, 'more column')}` : '';
    const at = `${file}:${line}`;
    refused.push({ code: 'badData', message: `${at}: ${reasons.slice(0, reasonsShown).join('; ')}${more}.`, at });
  }
  return { file, rows, places, refused };
}

/** Of a row whose cells hold no numbers. */
const reasonsShown = 3;

/** Goes on from the name of a column, with what stands there. */
function cellRefusal(text: string, decimal?: DecimalSign): string {
  const words = noNumberWords(text, decimal);
  return text === '' || words.includes(text)
    ? words
    : `${words} ("${text.slice(0, 40)}${text.length > 40 ? '…' : ''}")`;
}

/** One row, a text for each column, with a decimal point or comma. Throws a FailureError that names the column of what is no number. */
export function rowOfCells(cells: readonly string[], { inputShape, columnNames }: SampleShape): Float64Array {
  const columns = inputShape[0]!;
  if (inputShape.length !== 1) fail('badUsage', 'This network does not take rows of a table.');
  if (cells.length !== columns) fail('badUsage', `The network takes ${columns} columns, but got ${cells.length}.`);
  return Float64Array.from(cells, (text, column) => {
    const written = text.trim();
    const value = valueOf(written, '.') ?? valueOf(written, ',');
    const name = columnNames[column] ?? `column ${column}`;
    return value ?? fail('badData', `${name} ${noNumberWords(written, '.')}.`, { at: name });
  });
}

function refuseMissing(file: string, missing: readonly string[], hasHeader: boolean): never {
  const named = `${missing.length === 1 ? 'column' : 'columns'} ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''}`;
  return fail('badData', `${file} has no ${named}, which the network was trained on.`, {
    at: file,
    advice: hasHeader
      ? 'Columns are matched by the names in the first line.'
      : 'The first line must contain the column names.',
  });
}

function valueOf(text: string, decimal?: DecimalSign): number | null {
  const cell = readCell(text, decimal);
  return cell.kind === 'number' ? cell.value : readFlag(text);
}

/** The samples of an array: of one without a first dimension for them that one. Channels may stand last. */
export async function rowsOfArray(file: string, { inputShape }: SampleShape): Promise<FileSamples> {
  const array = await openNpy(file);
  const { shape } = array.header;
  const layout = layoutOf(shape, inputShape);
  if (layout === null) {
    const sizes = inputShape.join(', ');
    return fail(
      'badData',
      `${file} has the shape [${shape.join(', ')}], but the network takes samples of [${sizes}].`,
      {
        at: file,
        advice: `Use an array of the shape [samples, ${sizes}].`,
      },
    );
  }
  const numbers: number[] = [];
  const rows: Float64Array[] = [];
  for await (const row of npyRows(array)) {
    if (layout.isOne) numbers.push(...row);
    else rows.push(row);
  }
  const samples = layout.isOne ? [Float64Array.from(numbers)] : rows;
  const indices = [...samples.keys()].filter((index) => samples[index]!.every(Number.isFinite));
  const taken = indices.map((index) => samples[index]!);
  return {
    file,
    rows: layout.isLast ? taken.map((sample) => channelsFirst(sample, inputShape)) : taken,
    places: indices.map((index) => ({ index })),
    refused: samples.flatMap((sample, index): Failure[] =>
      sample.every(Number.isFinite) ? [] : [notFinite(`${file} [${index}]`, sample)],
    ),
  };
}

function notFinite(at: string, sample: Float64Array): Failure {
  const found = sample.find((value) => !Number.isFinite(value));
  return { code: 'badData', message: `${at} holds a number that is not finite (${found}).`, at };
}

interface ArrayLayout {
  /** The array is a single sample. */
  readonly isOne: boolean;
  /** The channels stand last. */
  readonly isLast: boolean;
}

/** Null where the array holds no such samples. */
function layoutOf(shape: readonly number[], inputShape: readonly number[]): ArrayLayout | null {
  const [channels, ...rest] = inputShape;
  const isPicture = inputShape.length === 3;
  const forms = [
    { sizes: inputShape, isLast: false },
    ...(isPicture && channels === 1 ? [{ sizes: rest, isLast: false }] : []),
    ...(isPicture ? [{ sizes: [...rest, channels!], isLast: true }] : []),
  ];
  const isSame = (one: readonly number[], other: readonly number[]): boolean => one.join() === other.join();
  for (const { sizes, isLast } of forms) {
    if (isSame(shape.slice(1), sizes)) return { isOne: false, isLast };
    if (isSame(shape, sizes)) return { isOne: true, isLast };
  }
  return null;
}

function channelsFirst(sample: Float64Array, inputShape: readonly number[]): Float64Array {
  const channels = inputShape[0]!;
  const plane = elementCount(inputShape) / channels;
  return sample.map((_, at) => sample[(at % plane) * channels + Math.floor(at / plane)]!);
}

/** As the import stores them: less the origin of each column, in 32 bits. */
export function asStored(rows: readonly Float64Array[], origins: readonly number[] | undefined): Float32Array {
  const size = rows[0]?.length ?? 0;
  const stored = new Float32Array(rows.length * size);
  for (const [index, row] of rows.entries()) {
    stored.set(origins === undefined ? row : row.map((value, column) => value - origins[column]!), index * size);
  }
  return stored;
}
