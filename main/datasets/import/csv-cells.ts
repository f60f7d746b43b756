import { canonicalNumber, readCell, readFlag } from './cell.ts';
import type { DecimalSign } from './cell.ts';
import { fittedCells } from './csv-columns.ts';
import type { TableColumns } from './csv-columns.ts';
import type { CsvRow } from './csv-rows.ts';
import { counted } from '../../../core/format.ts';

/** What a row of a table holds, in double precision, or why it is left out. */
export type ReadRow =
  | { readonly ok: true; readonly input: Float64Array; readonly className: string; readonly targets: Float64Array }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Those without a value that can be used; empty where it is the row that cannot. */
      readonly columns: readonly number[];
    };

/** The cells in another order; null: as they are. */
export function readColumns(cells: readonly string[], order: readonly number[] | null): readonly string[] {
  return order === null || cells.length !== order.length ? cells : order.map((column) => cells[column]!);
}

/** `decimals`: of the columns. */
export function readTableRow(row: CsvRow, columns: TableColumns, decimals: readonly DecimalSign[]): ReadRow {
  const { names, features, targets, task, flags } = columns;
  const cells = fittedCells(row.cells, names.length);
  if (cells.length !== names.length) {
    return {
      ok: false,
      reason: `it has ${counted(cells.length, 'cell')}, not ${names.length}`,
      columns: [],
    };
  }
  const numeric = task === 'regression' ? [...features, ...targets] : features;
  const numbers = new Map<number, number>();
  const without: number[] = [];
  for (const column of numeric) {
    const text = cells[column]!;
    const cell = readCell(text, decimals[column]);
    const value = cell.kind === 'number' ? cell.value : flags.has(column) ? readFlag(text) : null;
    if (value === null) without.push(column);
    else numbers.set(column, value);
  }
  const [target] = targets as readonly [number];
  const className = task === 'regression' ? '' : classOf(cells[target]!, columns, decimals[target]);
  if (className === null) without.push(target);
  const [first] = without;
  if (first !== undefined) {
    const why = first === target && className === null ? 'is empty' : noNumberWords(cells[first]!, decimals[first]);
    return { ok: false, reason: `${names[first]!} ${why}`, columns: without };
  }
  const valuesOf = (wanted: readonly number[]): Float64Array =>
    Float64Array.from(wanted, (column) => numbers.get(column)!);
  const input = valuesOf(features);
  return {
    ok: true,
    input,
    className: className ?? '',
    targets: task === 'regression' ? valuesOf(targets) : new Float64Array(0),
  };
}

/** Goes on from the name of a column: why the cell cannot be used. */
export function noNumberWords(text: string, decimal?: DecimalSign): string {
  if (text === '') return 'is empty';
  return readCell(text, decimal).kind === 'empty' ? `is missing (${text})` : 'holds no number';
}

/** Null where it is missing. */
function classOf(text: string, { hasTextClasses }: TableColumns, decimal?: DecimalSign): string | null {
  if (hasTextClasses) return text === '' ? null : text;
  return readCell(text, decimal).kind === 'empty' ? null : canonicalNumber(text, decimal);
}
