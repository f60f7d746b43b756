import { fail } from '../../failures.ts';
import { chooseTest } from './choose-test.ts';
import { readCell } from './cell.ts';
import { surveyTable } from './csv-columns.ts';
import type { TableColumns } from './csv-columns.ts';
import { csvDelimiter, csvRows } from './csv-rows.ts';
import type { CsvRow } from './csv-rows.ts';
import { splitNote, splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';
import { inClassOrder, manyValues } from './target-kind.ts';

/** One file that is split, or one for training and one for testing. */
export interface TableFiles {
  readonly train: string;
  readonly test: string | null;
}

/** Reads the table three times: for its columns, for its classes and rows that are whole, and for its samples. */
export async function openTable(files: TableFiles, request: OpenRequest): Promise<OpenedSource> {
  const { settings, skipped, onProgress, signal } = request;
  const delimiter = await csvDelimiter(files.train);
  onProgress({ stage: 'looking at the table', done: 0, total: null });
  const columns = await surveyTable(csvRows(files.train, delimiter), settings, files.train);
  const table: Table = { files, delimiter, columns };
  const classes = new Map<string, number>();
  const found: { readonly className: string; readonly isTest: boolean }[] = [];
  let wholeRows = 0;
  for await (const row of rowsOf(table)) {
    signal?.throwIfAborted();
    const read = readRow(row, columns);
    if (!read.ok) {
      skipped.add(read.reason, `${row.file}:${row.line}`);
      continue;
    }
    wholeRows++;
    if (columns.task === 'regression') continue;
    found.push({ className: read.className, isTest: row.isTest });
    classes.set(read.className, 0);
    if (classes.size > manyValues) {
      fail('badData', `${files.train}: the target has more than ${manyValues} different values.`, {
        at: 'data.import.task',
        advice: 'Set data.import.task to regression, or name another column as data.import.target.',
      });
    }
  }
  if (wholeRows < 2) fail('badData', `${files.train} holds fewer than two rows that are whole.`, { at: files.train });
  const classNames = inClassOrder(classes.keys());
  for (const [label, name] of classNames.entries()) classes.set(name, label);
  const labels = columns.task === 'regression' ? null : Int32Array.from(found, (row) => classes.get(row.className)!);
  const isTest = files.test === null ? chooseTest(wholeRows, labels, splitOf(settings)) : null;
  const { names, features, targets, leftOut } = columns;
  return {
    kind: 'table',
    form: { inputShape: [features.length], values: 'floats', targets: labels === null ? targets.length : null },
    classNames,
    columnNames: features.map((column) => names[column]!),
    targetNames: targets.map((column) => names[column]!),
    notes: [
      ...leftOut.map((name) => `The column ${name} is left out: it holds text.`),
      splitNote(files.test !== null, settings),
    ],
    samples: () => readSamples(table, classes, isTest),
  };
}

interface Table {
  readonly files: TableFiles;
  readonly delimiter: string;
  readonly columns: TableColumns;
}

type PlacedRow = CsvRow & { readonly file: string; readonly isTest: boolean };

/** Without the line of names. */
async function* rowsOf({ files, delimiter, columns }: Table): AsyncGenerator<PlacedRow> {
  for (const [file, isTest] of [[files.train, false] as const, [files.test, true] as const]) {
    if (file === null) continue;
    let isFirst = true;
    for await (const row of csvRows(file, delimiter)) {
      if (isFirst && columns.hasHeader) refuseOtherNames(row, columns, file);
      else yield { ...row, file, isTest };
      isFirst = false;
    }
  }
}

function refuseOtherNames({ cells }: CsvRow, { names }: TableColumns, file: string): void {
  const isSame = cells.length === names.length && cells.every((cell, column) => cell === '' || cell === names[column]);
  if (!isSame) fail('badData', `${file} has other columns than the table for training.`, { at: file });
}

type ReadRow =
  | { readonly ok: true; readonly input: Float32Array; readonly className: string; readonly targets: Float32Array }
  | { readonly ok: false; readonly reason: string };

function readRow({ cells }: CsvRow, { names, features, targets, task }: TableColumns): ReadRow {
  if (cells.length !== names.length) {
    return { ok: false, reason: `it has ${cells.length} cells, not ${names.length}` };
  }
  const numeric = task === 'regression' ? [...features, ...targets] : features;
  const wrong = numeric.find((column) => readCell(cells[column]!).kind !== 'number');
  if (wrong !== undefined) {
    const isEmpty = readCell(cells[wrong]!).kind === 'empty';
    return { ok: false, reason: `${names[wrong]!} ${isEmpty ? 'is empty' : 'holds no number'}` };
  }
  const className = task === 'classification' ? cells[targets[0]!]! : '';
  if (task === 'classification' && readCell(className).kind === 'empty') {
    return { ok: false, reason: `${names[targets[0]!]!} is empty` };
  }
  const numbers = (columns: readonly number[]): Float32Array =>
    Float32Array.from(columns, (column) => Number(cells[column]));
  return {
    ok: true,
    input: numbers(features),
    className,
    targets: task === 'regression' ? numbers(targets) : new Float32Array(0),
  };
}

async function* readSamples(
  table: Table,
  classes: ReadonlyMap<string, number>,
  isTest: Uint8Array | null,
): AsyncGenerator<Sample> {
  const { task } = table.columns;
  let sample = 0;
  for await (const row of rowsOf(table)) {
    const read = readRow(row, table.columns);
    if (!read.ok) continue;
    yield {
      input: read.input,
      target: task === 'regression' ? read.targets : classes.get(read.className)!,
      isTest: isTest === null ? row.isTest : isTest[sample] === 1,
    };
    sample++;
  }
}
