import type { ColumnUse } from '../../../core/contract/data.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { count, counted } from '../../../core/format.ts';
import { fail } from '../../failures.ts';
import { readCell } from './cell.ts';
import type { DecimalSign, ThousandsMark } from './cell.ts';
import { chooseTarget, targetReasons } from './choose-target.ts';
import type { ChosenTarget } from './choose-target.ts';
import { csvRows } from './csv-rows.ts';
import type { CsvRow, TableFile } from './csv-rows.ts';
import { ColumnTally } from './column-tally.ts';
import { delimiterInWords } from './delimiter-in-words.ts';
import { NumberWriting } from './number-writing.ts';
import type { NumberFormat } from './number-writing.ts';
import { isHeader, namesOfColumns, rowsBelowHeader } from './table-header.ts';
import { taskOf } from './target-kind.ts';

/** How a table is understood: by column numbers. */
export interface TableColumns {
  readonly names: readonly string[];
  readonly features: readonly number[];
  readonly targets: readonly number[];
  readonly task: 'classification' | 'regression';
  /** The classes are words, which NA and - may be too; else they are numbers. */
  readonly hasTextClasses: boolean;
  readonly hasHeader: boolean;
  /** The header holds numbers: whoever reads the report may want to know that it is taken for one. */
  readonly hasNumericHeader: boolean;
  /** Of every column, in their order. */
  readonly uses: readonly ColumnUse[];
  /** Features that hold words such as yes and no, which are read as 1 and 0. */
  readonly flags: ReadonlySet<number>;
  /** Of every row. */
  readonly numbers: NumberFormat;
  /** Names of the columns in which some numbers are written so, by what separates thousands. */
  readonly grouped: ReadonlyMap<ThousandsMark, readonly string[]>;
  readonly percent: readonly string[];
  /** Some cell of the column holds text. */
  readonly hasText: (column: number) => boolean;
}

/** Without the empty cells that a separator at the end of a line makes. */
export function fittedCells(cells: readonly string[], width: number): readonly string[] {
  return cells.length > width && cells.slice(width).every((cell) => cell === '') ? cells.slice(0, width) : cells;
}

/**
 * Looks at every row of a table, again where later rows show that numbers are written otherwise than in the first ones.
 * Throws a FailureError where no target or no column of numbers is found.
 */
export async function surveyTable(table: TableFile, settings: ImportSettings): Promise<TableColumns> {
  const { file } = table;
  const asStarted = await surveyRows(table, table.decimals, settings);
  const { decimals } = asStarted.numbers;
  const isAsStarted = decimals.every((decimal, column) => decimal === (table.decimals[column] ?? '.'));
  const survey = isAsStarted ? asStarted : await surveyRows(table, decimals, settings);
  const { first, hasHeader, names, target, tallies, samples, numbers } = survey;
  if (samples === 0) refuseWithoutRows(table, survey);
  const headings = hasHeader ? first.map((cell) => cell.trim()) : [];
  const withNumbers = withoutRowNumbers(
    names.map((name, column): ColumnUse => {
      if (target.columns.includes(column)) return { name, use: 'target', why: targetReasons[target.reason] };
      const why = whyLeftOut(tallies[column]!, headings[column] ?? null, samples);
      return why === null ? { name, use: 'feature', why } : { name, use: 'leftOut', why };
    }),
    (column) => isRowName(headings[column] ?? '') && tallies[column]!.numbering.isOf(samples) && samples > 1,
  );
  const uses = withoutMostlyEmpty(withNumbers, (column) => tallies[column]!.emptyOf(samples), samples);
  const features = uses.flatMap(({ use }, column) => (use === 'feature' ? [column] : []));
  if (features.length === 0) refuseWithoutFeatures(file, uses, target.columns);
  const targetTally = tallies[target.columns[0]!]!;
  const usedWhere = (is: (tally: ColumnTally) => boolean): readonly string[] =>
    names.filter((_, column) => uses[column]!.use !== 'leftOut' && is(tallies[column]!));
  const marks = new Set(tallies.flatMap(({ thousands }) => [...thousands]));
  return {
    names,
    features,
    targets: target.columns,
    task: taskOfColumns(tallies, target.columns, settings, samples),
    hasTextClasses: targetTally.texts > 0 || targetTally.numbers === 0,
    hasHeader,
    hasNumericHeader: hasHeader && first.some((cell, column) => readCell(cell, decimals[column]).kind === 'number'),
    uses,
    flags: new Set(features.filter((column) => tallies[column]!.areFlags)),
    numbers,
    grouped: new Map([...marks].map((mark) => [mark, usedWhere(({ thousands }) => thousands.has(mark))])),
    percent: usedWhere(({ hasPercent }) => hasPercent),
    hasText: (column) => tallies[column]!.texts > 0 && !tallies[column]!.areFlags,
  };
}

interface Survey {
  readonly first: readonly string[];
  readonly hasHeader: boolean;
  readonly names: readonly string[];
  readonly target: ChosenTarget;
  readonly tallies: readonly ColumnTally[];
  readonly numbers: NumberFormat;
  /** Rows with as many cells as the first. */
  readonly samples: number;
  /** The first row of another width, and how many there are. */
  readonly otherRow: CsvRow | null;
  readonly otherRows: number;
}

async function surveyRows(
  table: TableFile,
  decimals: readonly DecimalSign[],
  settings: ImportSettings,
): Promise<Survey> {
  const { file, delimiter } = table;
  const rows = csvRows(table);
  const start = await firstRows(rows, rowsBelowHeader + 1);
  const [first, ...below] = start;
  if (first === undefined) fail('badData', `${file} holds no rows.`, { at: file });
  const hasHeader = isHeader(
    first.cells,
    below.map(({ cells }) => cells).filter(({ length }) => length === first.cells.length),
    decimals,
  );
  const names = namesOfColumns(first.cells, hasHeader);
  const isBlank = (column: number): boolean =>
    (!hasHeader || first.cells[column] === '') && below.every(({ cells }) => (cells[column] ?? '') === '');
  const target = chooseTarget(names, settings.target, file, below.length > 0 ? isBlank : undefined);
  const tallies = names.map((_, column) => new ColumnTally(decimals[column], target.columns.includes(column)));
  const writing = new NumberWriting(delimiter);
  let [samples, otherRows] = [0, 0];
  let otherRow: CsvRow | null = null;
  for await (const row of chained(hasHeader ? below : start, rows)) {
    const cells = fittedCells(row.cells, names.length);
    if (cells.length !== names.length) {
      otherRow ??= row;
      otherRows++;
      continue;
    }
    writing.add(cells);
    for (const [column, tally] of tallies.entries()) tally.add(cells[column]!, samples);
    samples++;
  }
  const numbers = writing.format();
  return { first: first.cells, hasHeader, names, target, tallies, numbers, samples, otherRow, otherRows };
}

async function firstRows(rows: AsyncGenerator<CsvRow>, most: number): Promise<readonly CsvRow[]> {
  const first: CsvRow[] = [];
  while (first.length < most) {
    const next = await rows.next();
    if (next.done === true) break;
    first.push(next.value);
  }
  return first;
}

async function* chained(first: readonly CsvRow[], rest: AsyncGenerator<CsvRow>): AsyncGenerator<CsvRow> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** As pandas and spreadsheets write it. */
const noName = /^(unnamed: \d+)?$/i;
/** Usual names of a column of row numbers. */
const rowName = /^(idx|index|#|no|nr|row|(row|sample|record)[ _.-]?(no|nr|number|index)|(.*[ _.-])?id)\.?$/i;
/** PassengerId, but not paid. */
const idName = /[a-z]I[dD]$/;

function isRowName(heading: string): boolean {
  return rowName.test(heading) || idName.test(heading);
}

/** `heading`: null where the table has none. The result is null where the column is a feature. */
function whyLeftOut(tally: ColumnTally, heading: string | null, rows: number): string | null {
  const { numbers, texts, isCounting, start, areFlags } = tally;
  const isNameless = heading !== null && noName.test(heading);
  if (isNameless && isCounting && (start === 0 || start === 1) && rows > 1) {
    return 'it has no name and numbers the rows';
  }
  if (numbers === 0 && texts === 0) return 'it is empty';
  return numbers > texts || areFlags ? null : 'it holds text';
}

/** Leaves row numbers out, unless there is no other feature: then the row's number is time or place. */
function withoutRowNumbers(uses: readonly ColumnUse[], isRowNumber: (column: number) => boolean): readonly ColumnUse[] {
  if (!uses.some(({ use }, column) => use === 'feature' && !isRowNumber(column))) return uses;
  return uses.map((column, index) =>
    column.use === 'feature' && isRowNumber(index)
      ? { name: column.name, use: 'leftOut', why: 'it numbers the rows' }
      : column,
  );
}

/** Each would take more than half of the rows with it. Where all features are such, the one with the most values stays. */
function withoutMostlyEmpty(
  uses: readonly ColumnUse[],
  emptyOf: (column: number) => number,
  rows: number,
): readonly ColumnUse[] {
  const features = uses.flatMap(({ use }, column) => (use === 'feature' ? [column] : []));
  const isMostlyEmpty = (column: number): boolean => emptyOf(column) * 2 > rows;
  const fullest = features.toSorted((one, other) => emptyOf(one) - emptyOf(other))[0];
  return uses.map((column, index) =>
    column.use === 'feature' && index !== fullest && isMostlyEmpty(index)
      ? { name: column.name, use: 'leftOut', why: `it is empty in ${count(emptyOf(index))} of ${counted(rows, 'row')}` }
      : column,
  );
}

function refuseWithoutRows({ file, delimiter }: TableFile, { first, otherRow, otherRows }: Survey): never {
  if (otherRow === null) fail('badData', `${file} holds no rows below its header.`, { at: file });
  const { cells, line } = otherRow;
  return fail(
    'badData',
    `${file} has ${counted(otherRows, 'row')} below its first line, none of them with as many cells: the first line has ${first.length}, line ${line} has ${cells.length}.`,
    {
      at: `${file}:${line}`,
      advice: `Cells are read as separated by ${delimiterInWords(delimiter)}. A first line such as sep=; sets another separator.`,
    },
  );
}

function refuseWithoutFeatures(file: string, uses: readonly ColumnUse[], targets: readonly number[]): never {
  const others = uses.filter(({ use }) => use === 'leftOut').map(({ name, why }) => `“${name}” (${why})`);
  const named = targets.map((column) => uses[column]!.name).join(', ');
  return fail('badData', `${file} has no column of numbers besides the target ${named}.`, {
    at: file,
    ...(others.length === 0
      ? {}
      : { advice: `A network needs numbers. Replace words with numbers in ${others.slice(0, 10).join(', ')}.` }),
  });
}

function taskOfColumns(
  tallies: readonly ColumnTally[],
  targets: readonly number[],
  settings: ImportSettings,
  samples: number,
): 'classification' | 'regression' {
  const [first, ...more] = targets.map((column) => tallies[column]!);
  if (more.length > 0) return 'regression';
  const { numbers, texts, areWhole, values } = first!;
  const different = values?.size ?? 0;
  // A few words among many different numbers are what somebody wrote for a value that is missing.
  const areMostlyNumbers = numbers >= 9 * texts && (texts === 0 || different * 2 > samples);
  return taskOf(settings, { areNumbers: numbers > 0 && areMostlyNumbers, areWhole, different, samples });
}
