import { nearestName } from '../../../core/nearest-name.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { fail } from '../../failures.ts';
import { readCell } from './cell.ts';
import type { CsvRow } from './csv-rows.ts';
import { manyValues, taskOf } from './target-kind.ts';

/** How a table is understood: by column numbers. */
export interface TableColumns {
  readonly names: readonly string[];
  readonly features: readonly number[];
  readonly targets: readonly number[];
  readonly task: 'classification' | 'regression';
  readonly hasHeader: boolean;
  readonly leftOut: readonly string[];
}

interface ColumnTally {
  numbers: number;
  texts: number;
  areWhole: boolean;
  /** Of columns that may be the target. */
  readonly values: Set<string> | null;
}

/** Looks at every row of a table once. Throws a FailureError where no target or no column of numbers is found. */
export async function surveyTable(
  rows: AsyncIterable<CsvRow>,
  settings: ImportSettings,
  file: string,
): Promise<TableColumns> {
  let names: readonly string[] | null = null;
  let hasHeader = false;
  let targets: readonly number[] = [];
  let tallies: readonly ColumnTally[] = [];
  let samples = 0;
  for await (const { cells } of rows) {
    if (names === null) {
      hasHeader = cells.some((cell) => readCell(cell).kind === 'text') && !cells.some(isNumber);
      names = cells.map((cell, column) => (hasHeader && cell !== '' ? cell : `column${column + 1}`));
      targets = targetColumns(names, settings, file);
      const ofTarget = new Set(targets);
      tallies = names.map((_, column) => ({
        numbers: 0,
        texts: 0,
        areWhole: true,
        values: ofTarget.has(column) ? new Set<string>() : null,
      }));
      if (hasHeader) continue;
    }
    if (cells.length !== names.length) continue;
    samples++;
    for (const [column, tally] of tallies.entries()) count(tally, cells[column]!);
  }
  if (names === null || samples === 0) fail('badData', `${file} holds no rows.`, { at: file });
  const wanted = new Set(targets);
  const task = taskOfColumns(tallies, targets, settings, samples);
  const others = names.flatMap((_, column) => (wanted.has(column) ? [] : [column]));
  const isFeature = (column: number): boolean => tallies[column]!.numbers > tallies[column]!.texts;
  const features = others.filter(isFeature);
  if (features.length === 0) {
    fail('badData', `${file} holds no column of numbers beside the target ${names[targets[0]!]!}.`, { at: file });
  }
  const leftOut = others.filter((column) => !isFeature(column)).map((column) => names[column]!);
  return { names, features, targets, task, hasHeader, leftOut };
}

function isNumber(cell: string): boolean {
  return readCell(cell).kind === 'number';
}

function count(tally: ColumnTally, text: string): void {
  const cell = readCell(text);
  if (cell.kind === 'number') {
    tally.numbers++;
    tally.areWhole &&= Number.isInteger(cell.value);
  }
  if (cell.kind === 'text') tally.texts++;
  if (cell.kind !== 'empty' && tally.values !== null && tally.values.size < manyValues) tally.values.add(text);
}

function targetColumns(names: readonly string[], settings: ImportSettings, file: string): readonly number[] {
  const { target } = settings;
  if (target === undefined) return [names.length - 1];
  return (typeof target === 'string' ? [target] : target).map((name) => {
    const column = names.indexOf(name);
    if (column >= 0) return column;
    const near = nearestName(name, names);
    return fail('badData', `${file} has no column called '${name}'.`, {
      at: 'data.import.target',
      advice: near === undefined ? `It has ${names.slice(0, 20).join(', ')}.` : `Did you mean ${near}?`,
    });
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
  return taskOf(settings, { areNumbers: texts === 0 && numbers > 0, areWhole, different, samples });
}
