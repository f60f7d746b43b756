import { elementCount } from '../../core/catalogue/shape.ts';
import { readCell, readFlag } from '../datasets/import/cell.ts';
import type { DecimalSign } from '../datasets/import/cell.ts';
import { noNumberWords } from '../datasets/import/csv-cells.ts';
import { csvRows, describeTable } from '../datasets/import/csv-rows.ts';
import type { CsvRow } from '../datasets/import/csv-rows.ts';
import { npyRows, openNpy } from '../datasets/import/npy-file.ts';
import { isHeader, namesOfColumns, rowsBelowHeader } from '../datasets/import/table-header.ts';
import { fail } from '../failures.ts';

/** Samples of a file as the numbers that the data set holds, before normalisation. */
export interface FileSamples {
  readonly file: string;
  /** One a sample, in double precision. */
  readonly rows: readonly Float64Array[];
  /** Of a table: the line of each sample. */
  readonly lines: readonly number[] | null;
}

export interface SampleShape {
  readonly inputShape: readonly number[];
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
}

export const tableEnding = /\.(csv|tsv|txt)$/i;
export const arrayEnding = /\.npy$/i;

/**
 * The rows of a table, their columns found by name; others are not looked at. Throws a FailureError that names the
 * columns that are missing, or the line and column of what is no number.
 */
export async function rowsOfTable(file: string, { columnNames }: SampleShape): Promise<FileSamples> {
  const table = await describeTable(file);
  const all: CsvRow[] = [];
  for await (const row of csvRows(table)) all.push(row);
  const [first, ...below] = all;
  if (first === undefined) fail('badData', `${file} holds no rows.`, { at: file });
  const isNamed = (cells: readonly string[]): boolean => columnNames.every((name) => cells.includes(name));
  const near = below.slice(0, rowsBelowHeader).map(({ cells }) => cells);
  const hasHeader = isNamed(first.cells) || isHeader(first.cells, near, table.decimal);
  const names = namesOfColumns(first.cells, hasHeader);
  const missing = columnNames.filter((name) => !names.includes(name));
  if (missing.length > 0) refuseMissing(file, missing, hasHeader);
  const columns = columnNames.map((name) => ({ name, column: names.indexOf(name) }));
  const rows = hasHeader ? below : all;
  return {
    file,
    rows: rows.map((row) =>
      Float64Array.from(columns, ({ name, column }) => numberIn(row, column, name, file, table.decimal)),
    ),
    lines: rows.map(({ line }) => line),
  };
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

function numberIn({ cells, line }: CsvRow, column: number, name: string, file: string, decimal: DecimalSign): number {
  const text = cells[column] ?? '';
  return (
    valueOf(text, decimal) ??
    fail('badData', `${file}:${line}: ${name} ${noNumberWords(text, decimal)}.`, { at: `${file}:${line}` })
  );
}

function valueOf(text: string, decimal: DecimalSign): number | null {
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
  for (const [index, sample] of samples.entries()) {
    if (!sample.every(Number.isFinite))
      fail('badData', `${file} [${index}] holds a number that is not finite.`, { at: file });
  }
  return {
    file,
    rows: layout.isLast ? samples.map((sample) => channelsFirst(sample, inputShape)) : samples,
    lines: null,
  };
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
