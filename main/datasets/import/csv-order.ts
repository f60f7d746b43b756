import { fail } from '../../failures.ts';
import type { TableColumns } from './csv-columns.ts';
import { csvRows } from './csv-rows.ts';
import type { TableFile } from './csv-rows.ts';
import { namesOfColumns } from './table-header.ts';

/**
 * Where the columns of the table for training stand in the one for testing, by their names; `missing`: targets that it
 * does not have. Throws a FailureError where it lacks another column.
 */
export async function orderOfColumns(
  table: TableFile,
  { names, targets, hasHeader, uses }: TableColumns,
): Promise<{ readonly order: readonly number[] | null; readonly missing: readonly string[] }> {
  if (!hasHeader) return { order: null, missing: [] };
  const found = namesOfColumns((await firstCells(table)) ?? [], true);
  const missing = names.filter((name) => !found.includes(name));
  const isTarget = (name: string): boolean => targets.some((column) => names[column] === name);
  const needed = missing.filter((name) => uses[names.indexOf(name)]!.use === 'feature');
  if (needed.length > 0 || (missing.length > 0 && !missing.some(isTarget))) {
    fail(
      'badData',
      `${table.file} has no column ${(needed.length > 0 ? needed : missing).slice(0, 8).join(', ')}, but the training table has it.`,
      {
        at: table.file,
      },
    );
  }
  const added = found.filter((name) => !names.includes(name));
  if (added.length > 0) {
    fail(
      'badData',
      `${table.file} has the column ${added.slice(0, 8).join(', ')}, which the training table does not have.`,
      {
        at: table.file,
      },
    );
  }
  if (missing.length > 0) return { order: null, missing: missing.filter(isTarget) };
  const isSame = names.every((name, column) => found[column] === name);
  return { order: isSame ? null : names.map((name) => found.indexOf(name)), missing: [] };
}

async function firstCells(table: TableFile): Promise<readonly string[] | null> {
  for await (const { cells } of csvRows(table)) return cells;
  return null;
}
