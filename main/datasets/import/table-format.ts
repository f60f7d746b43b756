import { readCell } from './cell.ts';
import type { DecimalSign } from './cell.ts';

/** What stands between the cells of a table, and how its numbers are written. */
export interface TableFormat {
  readonly delimiter: Delimiter;
  readonly decimal: DecimalSign;
  /** Lines above the table that begin with #. */
  readonly comments: number;
}

export type Delimiter = ',' | ';' | '\t' | '|';

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];
const linesLookedAt = 200;
const commaDecimals = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)?,\d+(e[+-]?\d+)?$/i;
const pointDecimals = /^[+-]?(\d*|\d{1,3}(,\d{3})+)\.\d+(e[+-]?\d+)?$/i;

/**
 * The delimiter that gives every line the same number of cells and makes most of them numbers: commas between cells and
 * commas within numbers look the same otherwise. `start`: of the file's text.
 */
export function formatOfTable(start: string): TableFormat {
  const lines = firstLines(start);
  const table = lines.filter((line) => !isComment(line));
  const found = formatOfLines(table.length > 0 ? table : lines);
  return { ...found, comments: commentsAbove(start, table, found.delimiter) };
}

function isComment(line: string): boolean {
  return /^\uFEFF?\s*#/.test(line);
}

/** A first line such as `# a,b,c`, with as many cells as the rows below it, holds the names of columns. */
function commentsAbove(start: string, table: readonly string[], delimiter: Delimiter): number {
  const width = commonest(table.map((line) => cellsOf(line, delimiter).length));
  const lines = start.split(/\r\n|\n|\r/);
  const isAbove = (line: string): boolean =>
    line.trim() === '' || (isComment(line) && cellsOf(line, delimiter).length !== width);
  const first = lines.findIndex((line) => !isAbove(line));
  return lines.slice(0, Math.max(0, first)).some(isComment) ? first : 0;
}

function formatOfLines(lines: readonly string[]): Omit<TableFormat, 'comments'> {
  const best = delimiters
    .map((delimiter) => scored(lines, delimiter))
    .reduce((one, other) => (other.score > one.score ? other : one));
  return { delimiter: best.delimiter, decimal: decimalOf(best.rows, best.delimiter) };
}

interface Scored {
  readonly delimiter: Delimiter;
  readonly rows: readonly (readonly string[])[];
  readonly score: number;
}

function scored(lines: readonly string[], delimiter: Delimiter): Scored {
  const rows = lines.map((line) => cellsOf(line, delimiter));
  // The first line may be names, and may be the only one.
  const [head = []] = rows;
  const body = rows.length > 1 ? rows.slice(1) : rows;
  const width = commonest(body.map(({ length }) => length));
  if (width < 2) return { delimiter, rows, score: rows.length > 1 && head.length > 1 ? 0.01 : 0 };
  const consistent = rows.filter(({ length }) => length === width).length / rows.length;
  const decimal = decimalOf(body, delimiter);
  const cells = body.flat();
  const numbers = cells.filter((cell) => readCell(cell, decimal).kind === 'number').length / cells.length;
  const torn = cells.filter((cell) => holdsOther(cell, delimiter, decimal)).length / cells.length;
  return { delimiter, rows, score: consistent + numbers - torn / 2 + width / 1e6 };
}

/** Another delimiter within a cell that is no number: perhaps that one separates the cells. */
function holdsOther(cell: string, delimiter: Delimiter, decimal: DecimalSign): boolean {
  if (readCell(cell, decimal).kind === 'number') return false;
  return delimiters.some((other) => other !== delimiter && cell.includes(other));
}

/** A table whose cells are apart by commas has no commas in its numbers. */
function decimalOf(rows: readonly (readonly string[])[], delimiter: Delimiter): DecimalSign {
  if (delimiter === ',') return '.';
  const cells = rows.flat();
  const commas = cells.filter((cell) => commaDecimals.test(cell)).length;
  const points = cells.filter((cell) => pointDecimals.test(cell)).length;
  return commas > points ? ',' : '.';
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = 0;
  for (const [value, count] of counts) if (count > (counts.get(best) ?? 0)) best = value;
  return best;
}

/** Whole lines that are not empty; a line that is cut off counts only where it is the only one. */
function firstLines(start: string): readonly string[] {
  const lines = start.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const whole = /[\r\n]$/.test(start) || lines.length < 2 ? lines : lines.slice(0, -1);
  return whole.slice(0, linesLookedAt);
}

/** Delimiters between quotation marks are text. A cell that goes on in the next line is not seen as one. */
function cellsOf(line: string, delimiter: Delimiter): readonly string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const sign of line) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (sign === delimiter && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell.trim()];
}
