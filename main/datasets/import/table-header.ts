import { readCell } from './cell.ts';
import type { DecimalSign } from './cell.ts';

/** Rows below the first that the first is compared with. */
export const rowsBelowHeader = 100;

/** Whether the first row names the columns. `below`: rows after it; `decimals`: of the columns. */
export function isHeader(
  first: readonly string[],
  below: readonly (readonly string[])[],
  decimals: readonly DecimalSign[],
): boolean {
  const kinds = first.map((cell, column) => readCell(cell, decimals[column]));
  const numbers = kinds.flatMap((cell) => (cell.kind === 'number' ? [cell.value] : []));
  if (numbers.length === 0) return kinds.some(({ kind }) => kind === 'text');
  const columnBelow = (column: number): readonly string[] => below.map((row) => row[column] ?? '');
  if (numbers.length === first.length)
    return first.length > 2 && countsUp(numbers) && !below.some(isCounting(decimals));
  // Names among which are numbers: 0, 1, 2, class or 400, 410, 420, label.
  if (!hasOneStep(numbers)) return false;
  const texts = first.flatMap((cell, column) => (kinds[column]!.kind === 'text' ? [{ cell, column }] : []));
  if (texts.length === 0) return false;
  const isOverNumbers = ({ column }: { readonly column: number }): boolean =>
    below.length > 0 && columnBelow(column).every((cell) => readCell(cell, decimals[column]).kind === 'number');
  if (texts.some(isOverNumbers)) return true;
  return (
    numbers.length > 1 && countsUp(numbers) && texts.every(({ cell, column }) => !columnBelow(column).includes(cell))
  );
}

/** 0, 1, 2, … or 1, 2, 3, … */
function countsUp(numbers: readonly number[]): boolean {
  const [first = NaN] = numbers;
  return (first === 0 || first === 1) && numbers.every((value, index) => value === first + index);
}

function isCounting(decimals: readonly DecimalSign[]): (row: readonly string[]) => boolean {
  return (row) => {
    const numbers = row.map((text, column) => {
      const cell = readCell(text, decimals[column]);
      return cell.kind === 'number' ? cell.value : NaN;
    });
    return numbers.every((value, index) => index === 0 || value === numbers[index - 1]! + 1);
  };
}

/** Whole numbers with the same difference from each to the next. */
function hasOneStep(numbers: readonly number[]): boolean {
  const [first = NaN, second = first + 1] = numbers;
  const step = second - first;
  return step !== 0 && numbers.every((value, index) => Number.isInteger(value) && value === first + index * step);
}

/** Names of columns: those of the header, no two the same; `column3` where there is none. */
export function namesOfColumns(first: readonly string[], hasHeader: boolean): readonly string[] {
  const names: string[] = [];
  const taken = new Set<string>();
  for (const [column, cell] of first.entries()) {
    const wanted = hasHeader && cell !== '' ? cell : `column${column + 1}`;
    let name = wanted;
    // As pandas numbers them.
    for (let copy = 1; taken.has(name); copy++) name = `${wanted}.${copy}`;
    taken.add(name);
    names.push(name);
  }
  return names;
}
