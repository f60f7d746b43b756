import { canonicalNumber, readCell } from './cell.ts';
import type { DecimalSign } from './cell.ts';
import type { TableColumns } from './csv-columns.ts';
import type { CsvRow } from './csv-rows.ts';
import { counted } from '../../../core/format.ts';

/** What a row of a table holds, in double precision, or why it is left out. */
export type ReadRow =
  | { readonly ok: true; readonly input: Float64Array; readonly className: string; readonly targets: Float64Array }
  | { readonly ok: false; readonly reason: string };

/** The cells in another order; null: as they are. */
export function readColumns(cells: readonly string[], order: readonly number[] | null): readonly string[] {
  return order === null || cells.length !== order.length ? cells : order.map((column) => cells[column]!);
}

export function readTableRow({ cells }: CsvRow, columns: TableColumns, decimal: DecimalSign): ReadRow {
  const { names, features, targets, task } = columns;
  if (cells.length !== names.length) {
    return {
      ok: false,
      reason: `it has ${counted(cells.length, 'cell')}, not ${names.length}`,
    };
  }
  const numeric = task === 'regression' ? [...features, ...targets] : features;
  const numbers = new Map<number, number>();
  for (const column of numeric) {
    const cell = readCell(cells[column]!, decimal);
    if (cell.kind !== 'number') {
      return { ok: false, reason: `${names[column]!} ${cell.kind === 'empty' ? 'is empty' : 'holds no number'}` };
    }
    numbers.set(column, cell.value);
  }
  const valuesOf = (wanted: readonly number[]): Float64Array =>
    Float64Array.from(wanted, (column) => numbers.get(column)!);
  const input = valuesOf(features);
  if (task === 'regression') return { ok: true, input, className: '', targets: valuesOf(targets) };
  const className = classOf(cells[targets[0]!]!, columns, decimal);
  if (className === null) return { ok: false, reason: `${names[targets[0]!]!} is empty` };
  return { ok: true, input, className, targets: new Float64Array(0) };
}

/** Null where it is missing. */
function classOf(text: string, { hasTextClasses }: TableColumns, decimal: DecimalSign): string | null {
  if (hasTextClasses) return text === '' ? null : text;
  return readCell(text, decimal).kind === 'empty' ? null : canonicalNumber(text, decimal);
}
