import type { ColumnUse } from '../../../core/contract/data.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { fail } from '../../failures.ts';
import { canonicalNumber, isGrouped, isPercent, readCell, readFlag } from './cell.ts';
import type { DecimalSign } from './cell.ts';
import { chooseTarget, targetReasons } from './choose-target.ts';
import { csvRows } from './csv-rows.ts';
import type { CsvRow, TableFile } from './csv-rows.ts';
import { Numbering } from './numbering.ts';
import { isHeader, namesOfColumns, rowsBelowHeader } from './table-header.ts';
import { manyValues, taskOf } from './target-kind.ts';

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
  /** Names of the columns in which some numbers are written so. */
  readonly grouped: readonly string[];
  readonly percent: readonly string[];
}

/** Without the empty cells that a separator at the end of a line makes. */
export function fittedCells(cells: readonly string[], width: number): readonly string[] {
  return cells.length > width && cells.slice(width).every((cell) => cell === '') ? cells.slice(0, width) : cells;
}

interface ColumnTally {
  numbers: number;
  texts: number;
  /** Texts such as yes, and what they are read as. */
  flags: number;
  readonly flagValues: Set<number>;
  hasGrouped: boolean;
  hasPercent: boolean;
  areWhole: boolean;
  /** The number of each row, in whatever order they are. */
  readonly numbering: Numbering;
  /** In the first row. */
  start: number | null;
  /** Each row's number is one more than that of the row before. */
  isCounting: boolean;
  /** Of columns that may be the target. */
  readonly values: Set<string> | null;
}

/** Looks at every row of a table once. Throws a FailureError where no target or no column of numbers is found. */
export async function surveyTable(table: TableFile, settings: ImportSettings): Promise<TableColumns> {
  const { file, decimal } = table;
  const rows = csvRows(table);
  const start = await firstRows(rows, rowsBelowHeader + 1);
  const [first, ...below] = start;
  if (first === undefined) fail('badData', `${file} holds no rows.`, { at: file });
  const hasHeader = isHeader(
    first.cells,
    below.map(({ cells }) => cells).filter(({ length }) => length === first.cells.length),
    decimal,
  );
  const names = namesOfColumns(first.cells, hasHeader);
  const isBlank = (column: number): boolean =>
    (!hasHeader || first.cells[column] === '') && below.every(({ cells }) => (cells[column] ?? '') === '');
  const target = chooseTarget(names, settings.target, file, below.length > 0 ? isBlank : undefined);
  const tallies = names.map((_, column): ColumnTally => {
    const values = target.columns.includes(column) ? new Set<string>() : null;
    return {
      ...{ numbers: 0, texts: 0, flags: 0, flagValues: new Set(), hasGrouped: false, hasPercent: false },
      ...{ areWhole: true, start: null, isCounting: true, values, numbering: new Numbering() },
    };
  });
  let samples = 0;
  for await (const row of chained(hasHeader ? below : start, rows)) {
    const cells = fittedCells(row.cells, names.length);
    if (cells.length !== names.length) continue;
    for (const [column, tally] of tallies.entries()) count(tally, cells[column]!, samples, decimal);
    samples++;
  }
  if (samples === 0) fail('badData', `${file} holds no rows below its header.`, { at: file });
  const headings = hasHeader ? first.cells.map((cell) => cell.trim()) : [];
  const uses = withoutRowNumbers(
    names.map((name, column): ColumnUse => {
      if (target.columns.includes(column)) return { name, use: 'target', why: targetReasons[target.reason] };
      const why = whyLeftOut(tallies[column]!, headings[column] ?? null, samples);
      return why === null ? { name, use: 'feature', why } : { name, use: 'leftOut', why };
    }),
    (column) => isRowName(headings[column] ?? '') && tallies[column]!.numbering.isOf(samples) && samples > 1,
  );
  const features = uses.flatMap(({ use }, column) => (use === 'feature' ? [column] : []));
  if (features.length === 0) refuseWithoutFeatures(file, uses, target.columns);
  const targetTally = tallies[target.columns[0]!]!;
  return {
    names,
    features,
    targets: target.columns,
    task: taskOfColumns(tallies, target.columns, settings, samples),
    hasTextClasses: targetTally.texts > 0 || targetTally.numbers === 0,
    hasHeader,
    hasNumericHeader: hasHeader && first.cells.some((cell) => readCell(cell, decimal).kind === 'number'),
    uses,
    flags: new Set(features.filter((column) => isFlags(tallies[column]!))),
    grouped: names.filter((_, column) => tallies[column]!.hasGrouped && uses[column]!.use !== 'leftOut'),
    percent: names.filter((_, column) => tallies[column]!.hasPercent && uses[column]!.use !== 'leftOut'),
  };
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

function count(tally: ColumnTally, text: string, row: number, decimal: DecimalSign): void {
  const cell = readCell(text, decimal);
  if (cell.kind === 'number') {
    tally.numbers++;
    tally.areWhole &&= Number.isInteger(cell.value);
    tally.numbering.add(cell.value);
    tally.hasGrouped ||= decimal === '.' && isGrouped(text);
    tally.hasPercent ||= isPercent(text);
  }
  tally.start ??= cell.kind === 'number' ? cell.value : NaN;
  tally.isCounting &&= cell.kind === 'number' && cell.value === tally.start + row;
  if (cell.kind === 'text') {
    tally.texts++;
    const flag = readFlag(text);
    if (flag !== null) {
      tally.flags++;
      tally.flagValues.add(flag);
    }
  }
  if (text === '' || tally.values === null || tally.values.size >= manyValues) return;
  tally.values.add(cell.kind === 'number' ? canonicalNumber(text, decimal) : text);
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

/** Every text is yes or no, true or false, and both are there. */
function isFlags({ numbers, texts, flags, flagValues }: ColumnTally): boolean {
  return numbers === 0 && flags === texts && flagValues.size === 2;
}

/** `heading`: null where the table has none. The result is null where the column is a feature. */
function whyLeftOut(tally: ColumnTally, heading: string | null, rows: number): string | null {
  const { numbers, texts, isCounting, start } = tally;
  const isNameless = heading !== null && noName.test(heading);
  if (isNameless && isCounting && (start === 0 || start === 1) && rows > 1) {
    return 'it has no name and numbers the rows';
  }
  if (numbers === 0 && texts === 0) return 'it is empty';
  return numbers > texts || isFlags(tally) ? null : 'it holds text';
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
