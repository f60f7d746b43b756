import { fail } from '../../failures.ts';
import { chooseTest } from './choose-test.ts';
import { readCell } from './cell.ts';
import { readColumns, readTableRow } from './csv-cells.ts';
import { surveyTable } from './csv-columns.ts';
import type { TableColumns } from './csv-columns.ts';
import { csvRows, describeTable } from './csv-rows.ts';
import type { CsvRow, TableFile } from './csv-rows.ts';
import { orderOfColumns } from './csv-order.ts';
import { Origins } from './origins.ts';
import { splitNote, splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';
import { encodingTitles } from './table-encoding.ts';
import { inClassOrder, manyValues } from './target-kind.ts';

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
  const table: Table = { parts: [{ ...train, order: null, isTest: false }, ...(test?.parts ?? [])], columns };
  const classes = new Map<string, number>();
  const found: { readonly className: string; readonly isTest: boolean }[] = [];
  const origins = new Origins(columns.features.length);
  let wholeRows = 0;
  for await (const row of rowsOf(table)) {
    signal?.throwIfAborted();
    const read = readTableRow(row, columns, row.decimal);
    if (!read.ok) {
      skipped.add(read.reason, `${row.file}:${row.line}`);
      continue;
    }
    wholeRows++;
    origins.add(read.input);
    if (columns.task === 'regression') continue;
    found.push({ className: read.className, isTest: row.isTest });
    classes.set(read.className, 0);
    if (classes.size > manyValues) refuseManyClasses(files.train);
  }
  if (wholeRows < 2) fail('badData', `${files.train} holds fewer than two complete rows.`, { at: files.train });
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
    isSplit,
    notes: [
      ...writingNotes(train, columns, classNames),
      ...uses.filter(({ use }) => use === 'leftOut').map(({ name, why }) => `The column ${name} is left out: ${why}.`),
      ...(test?.notes ?? []),
      splitNote(isSplit, settings),
    ],
    samples: () => readSamples(table, classes, isTest),
  };
}

function refuseManyClasses(file: string): never {
  return fail('badData', `${file}: the target has more than ${manyValues} different values.`, {
    at: 'data.import.task',
    advice: 'Set data.import.task to regression, or set data.import.target to another column.',
  });
}

/** What of the writing was not as a table mostly is. */
function writingNotes(
  { encoding, delimiter, decimal, comments, file }: TableFile,
  { hasHeader, hasNumericHeader, names, hasTextClasses, flags, grouped, percent }: TableColumns,
  classNames: readonly string[],
): readonly string[] {
  const alike = classNames.filter((name) =>
    classNames.some((other) => other !== name && other.toLowerCase() === name.toLowerCase()),
  );
  const words = classNames.filter((name) => hasTextClasses && readCell(name).kind === 'empty');
  return [
    ...(encoding === 'utf-8' ? [] : [`The text of ${file} is read as ${encodingTitles[encoding]}.`]),
    ...(decimal === ','
      ? [`Numbers are read with a decimal comma, and cells are separated by ${delimiterNames[delimiter]}.`]
      : delimiter === ','
        ? []
        : [`Cells are separated by ${delimiterNames[delimiter]}.`]),
    ...(comments > 0 ? [`The first ${comments === 1 ? 'line is' : `${comments} lines are`} skipped as comments.`] : []),
    ...(hasHeader ? [] : ['The table has no line of column names, so its columns are numbered.']),
    ...(grouped.length > 0 ? [`The commas in ${listed(grouped)} separate thousands.`] : []),
    ...(percent.length > 0 ? [`Percent signs are ignored: 12 % is read as 12 (${listed(percent)}).`] : []),
    ...(flags.size > 0
      ? [`Yes and true are read as 1, no and false as 0 (${listed([...flags].map((column) => names[column]!))}).`]
      : []),
    ...(hasTextClasses && alike.length > 0 ? [`Some classes differ only in case: ${listed(alike)}.`] : []),
    ...(hasNumericHeader ? [`The first line is read as the names of the columns: ${listed(names)}.`] : []),
    ...words.map((name) => `Rows whose target is ${name} are a class of that name, not missing values.`),
  ];
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and more' : ''}`;
}

const delimiterNames = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' } as const;

interface TablePart extends TableFile {
  readonly isTest: boolean;
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
  if (ordered.missing.length === 0) return { parts: [{ ...described, order: ordered.order, isTest: true }], notes: [] };
  const missing = ordered.missing.join(', ');
  return {
    parts: [],
    notes: [`${file} is not used for testing: it has no column ${missing}, so nothing can be tested with it.`],
  };
}

type PlacedRow = CsvRow & Pick<TablePart, 'file' | 'isTest' | 'decimal'>;

/** Without the line of names, the cells in the order of the table for training. */
async function* rowsOf({ parts, columns }: Table): AsyncGenerator<PlacedRow> {
  for (const part of parts) {
    const { file, isTest, decimal, order } = part;
    let isNames = columns.hasHeader;
    for await (const row of csvRows(part)) {
      if (!isNames) yield { cells: readColumns(row.cells, order), line: row.line, file, isTest, decimal };
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
    const read = readTableRow(row, table.columns, row.decimal);
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
