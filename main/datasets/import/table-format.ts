import { readCell } from './cell.ts';
import type { DecimalSign } from './cell.ts';
import { NumberWriting } from './number-writing.ts';

/** What stands between the cells of a table, and how its numbers are written. */
export interface TableFormat {
  readonly delimiter: string;
  /** Of each column, as the first rows show. */
  readonly decimals: readonly DecimalSign[];
  /** The first line names the delimiter, as Excel writes it: sep=; */
  readonly hasSeparatorLine: boolean;
  /** Lines above the table that begin with #. */
  readonly comments: number;
}

const delimiters = [',', ';', '\t', '|'] as const;
const linesLookedAt = 200;
/** Programs that take it for a row fill it up to the width of the others. */
const separatorLine = /^"?sep=(\\t|[^\w".+ \r\n-])"?\1*[^\S\r\n]*(?:\r\n|\n|\r|$)/i;

/**
 * The delimiter that the first line names; else the one that gives every line the same number of cells and makes most of
 * them numbers: commas between cells and commas within numbers look the same otherwise. `start`: of the file's text.
 */
export function formatOfTable(start: string): TableFormat {
  const { delimiter: named, line } = separatorOf(start);
  const below = start.slice(line.length);
  const lines = firstLines(below);
  const table = lines.filter((candidate) => !isComment(candidate));
  const found = formatOfLines(table.length > 0 ? table : lines, named);
  return { ...found, hasSeparatorLine: named !== null, comments: commentsAbove(below, table, found.delimiter) };
}

/** `line`: the text of it, with its end; empty where the first line names none. */
export function separatorOf(text: string): { readonly delimiter: string | null; readonly line: string } {
  const [line = '', sign = null] = separatorLine.exec(text) ?? [];
  return { delimiter: sign === '\\t' ? '\t' : sign, line };
}

function isComment(line: string): boolean {
  return /^\uFEFF?\s*#/.test(line);
}

/** A first line such as `# a,b,c`, with as many cells as the rows below it, holds the names of columns. */
function commentsAbove(start: string, table: readonly string[], delimiter: string): number {
  const width = commonest(table.map((line) => cellsOf(line, delimiter).length));
  const lines = start.split(/\r\n|\n|\r/);
  const isAbove = (line: string): boolean =>
    line.trim() === '' || (isComment(line) && cellsOf(line, delimiter).length !== width);
  const first = lines.findIndex((line) => !isAbove(line));
  return lines.slice(0, Math.max(0, first)).some(isComment) ? first : 0;
}

function formatOfLines(lines: readonly string[], named: string | null): Pick<TableFormat, 'delimiter' | 'decimals'> {
  const { delimiter, decimals } = (named === null ? delimiters : [named])
    .map((candidate) => scored(lines, candidate))
    .reduce((one, other) => (other.score > one.score ? other : one));
  return { delimiter, decimals };
}

interface Scored extends Pick<TableFormat, 'delimiter' | 'decimals'> {
  readonly score: number;
}

function scored(lines: readonly string[], delimiter: string): Scored {
  const rows = lines.map((line) => cellsOf(line, delimiter));
  // The first line may be names, and may be the only one.
  const [head = []] = rows;
  const body = rows.length > 1 ? rows.slice(1) : rows;
  const width = commonest(body.map(({ length }) => length));
  const writing = new NumberWriting(delimiter);
  for (const row of body) writing.add(row);
  const { decimals } = writing.format();
  if (width < 2) return { delimiter, decimals, score: rows.length > 1 && head.length > 1 ? 0.01 : 0 };
  const consistent = rows.filter(({ length }) => length === width).length / rows.length;
  const cells = body.flatMap((row) => row.map((text, column) => ({ text, decimal: decimals[column] })));
  const numbers = cells.filter(({ text, decimal }) => readCell(text, decimal).kind === 'number').length / cells.length;
  const torn = cells.filter(({ text, decimal }) => holdsOther(text, delimiter, decimal)).length / cells.length;
  return { delimiter, decimals, score: consistent + numbers - torn / 2 + width / 1e6 };
}

/** Another delimiter within a cell that is no number: perhaps that one separates the cells. */
function holdsOther(cell: string, delimiter: string, decimal?: DecimalSign): boolean {
  if (readCell(cell, decimal).kind === 'number') return false;
  return delimiters.some((other) => other !== delimiter && cell.includes(other));
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
function cellsOf(line: string, delimiter: string): readonly string[] {
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
