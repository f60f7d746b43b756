/** How numbers and tables look on a terminal. */

export {
  bytes,
  count,
  counted,
  duration,
  milliseconds,
  percent,
  sampleShape,
  significant,
  sizes,
} from '../../core/format.ts';

export function figure(value: number): string {
  return value.toFixed(4);
}

/** Rates span many powers of ten. */
export function rate(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lines of a table: a head and the rows, two spaces between columns. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}
