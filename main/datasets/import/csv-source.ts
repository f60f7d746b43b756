import { fail } from '../../failures.ts';
import { chooseTest } from './choose-test.ts';
import type { DecimalSign } from './cell.ts';
import { readColumns, readTableRow } from './csv-cells.ts';
import { fittedCells, surveyTable } from './csv-columns.ts';
import type { TableColumns } from './csv-columns.ts';
import { csvRows, describeTable } from './csv-rows.ts';
import type { CsvRow, TableFile } from './csv-rows.ts';
import { orderOfColumns } from './csv-order.ts';
import { LostRows } from './lost-rows.ts';
import { NumberWriting } from './number-writing.ts';
import { Origins } from './origins.ts';
import { splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';
import { inClassOrder, manyValues } from './target-kind.ts';
import { writingNotes } from './writing-notes.ts';

/** One file that is split, or one for training and one for testing. */
export interface TableFiles {
  readonly train: string;
  readonly test: string | null;
}

/** Reads the table three times: for its columns, for its classes and rows that are whole, and for its samples. */
export async function openTable(files: TableFiles, request: OpenRequest): Promise<OpenedSource> {
  const { settings, skipped, onProgress, signal } = request;
  onProgress({ stage: 'reading the table', done: 0, total: null });
  const train = await describeTable(files.train);
  const columns = await surveyTable(train, settings);
  const test = files.test === null ? null : await testTable(files.test, columns);
  const { decimals } = columns.numbers;
  const table: Table = { parts: [{ ...train, decimals, order: null, isTest: false }, ...(test?.parts ?? [])], columns };
  const classes = new Map<string, number>();
  const found: { readonly className: string; readonly isTest: boolean }[] = [];
  const origins = new Origins(columns.features.length);
  const lost = new LostRows();
  let wholeRows = 0;
  for await (const row of rowsOf(table)) {
    signal?.throwIfAborted();
    const read = readTableRow(row, columns, row.decimals);
    if (!read.ok) {
      skipped.add(read.reason, `${row.file}:${row.line}`);
      if (read.columns.length > 0) lost.addLost(read.columns);
      continue;
    }
    wholeRows++;
    lost.addWhole();
    origins.add(read.input);
    if (columns.task === 'regression') continue;
    found.push({ className: read.className, isTest: row.isTest });
    classes.set(read.className, 0);
    if (classes.size > manyValues) refuseManyClasses(files.train);
  }
  if (wholeRows < 2) refuseFewRows(files.train, lost.reason(columns));
  const classNames = inClassOrder(classes.keys());
  for (const [label, name] of classNames.entries()) classes.set(name, label);
  const labels = columns.task === 'regression' ? null : Int32Array.from(found, (row) => classes.get(row.className)!);
  const isSplit = table.parts.length > 1;
  const isTest = isSplit ? null : chooseTest(wholeRows, labels, splitOf(settings));
  const { names, features, targets, uses } = columns;
  return {
    kind: 'table',
    form: {
      inputShape: [features.length],
      values: 'floats',
      targets: labels === null ? targets.length : null,
      ...origins.result(),
      positions: 'line',
    },
    classNames,
    columnNames: features.map((column) => names[column]!),
    targetNames: targets.map((column) => names[column]!),
    columns: uses,
    commaColumns: features.flatMap((column) => (decimals[column] === ',' ? [names[column]!] : [])),
    isSplit,
    notes: [
      ...writingNotes(train, columns, classNames),
      ...uses.filter(({ use }) => use === 'leftOut').map(({ name, why }) => `The column ${name} is left out: ${why}.`),
      ...(test?.notes ?? []),
    ],
    warnings: lost.warnings(columns),
    samples: () => readSamples(table, classes, isTest),
  };
}

function refuseFewRows(file: string, why: string | null): never {
  return fail('badData', `${file} holds fewer than two complete rows${why === null ? '' : `: ${why}`}.`, {
    at: file,
    ...(why === null ? {} : { advice: 'Fill in the cells, or remove columns that are mostly empty.' }),
  });
}

function refuseManyClasses(file: string): never {
  return fail('badData', `${file}: the target has more than ${manyValues} different values.`, {
    at: 'data.import.task',
    advice: 'Set data.import.task to regression, or set data.import.target to another column.',
  });
}

interface TablePart extends TableFile {
  readonly isTest: boolean;
  /** Of the columns of the table for training. */
  readonly decimals: readonly DecimalSign[];
  /** Where each column of the table for training stands in this file; null: the same. */
  readonly order: readonly number[] | null;
}

interface Table {
  readonly parts: readonly TablePart[];
  readonly columns: TableColumns;
}

/** A table for testing without its target is not used: Kaggle's are like that. */
async function testTable(
  file: string,
  columns: TableColumns,
): Promise<{ readonly parts: readonly TablePart[]; readonly notes: readonly string[] }> {
  const described = await describeTable(file);
  const ordered = await orderOfColumns(described, columns);
  if (ordered.missing.length === 0) {
    const { order } = ordered;
    const decimals = await decimalsOfTest(described, columns, order);
    return { parts: [{ ...described, decimals, order, isTest: true }], notes: [] };
  }
  const missing = ordered.missing.join(', ');
  return {
    parts: [],
    notes: [`${file} is not used for testing: it has no column ${missing}, so nothing can be tested with it.`],
  };
}

/** A table that does not show how it writes numbers is read as the one for training. */
async function decimalsOfTest(
  table: TableFile,
  { names, hasHeader, numbers }: TableColumns,
  order: readonly number[] | null,
): Promise<readonly DecimalSign[]> {
  const writing = new NumberWriting(table.delimiter);
  let isNames = hasHeader;
  for await (const { cells } of csvRows(table)) {
    if (!isNames) writing.add(fittedCells(cells, names.length));
    isNames = false;
  }
  const { decimals, shown } = writing.format();
  if (shown.size === 0) return numbers.decimals;
  return order === null ? decimals : order.map((column) => decimals[column] ?? '.');
}

type PlacedRow = CsvRow & Pick<TablePart, 'file' | 'isTest' | 'decimals'>;

/** Without the line of names, the cells in the order of the table for training. */
async function* rowsOf({ parts, columns }: Table): AsyncGenerator<PlacedRow> {
  for (const part of parts) {
    const { file, isTest, decimals, order } = part;
    let isNames = columns.hasHeader;
    for await (const row of csvRows(part)) {
      if (!isNames) yield { cells: readColumns(row.cells, order), line: row.line, file, isTest, decimals };
      isNames = false;
    }
  }
}

async function* readSamples(
  table: Table,
  classes: ReadonlyMap<string, number>,
  isTest: Uint8Array | null,
): AsyncGenerator<Sample> {
  const { task } = table.columns;
  let sample = 0;
  for await (const row of rowsOf(table)) {
    const read = readTableRow(row, table.columns, row.decimals);
    if (!read.ok) continue;
    yield {
      input: read.input,
      target: task === 'regression' ? read.targets : classes.get(read.className)!,
      isTest: isTest === null ? row.isTest : isTest[sample] === 1,
      position: row.line,
    };
    sample++;
  }
}
