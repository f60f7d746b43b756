import { csv } from '../../../core/code/csv.ts';
import type { DrawnChart } from './curves-svg.ts';

/** Every point of every line of charts, one a row: what pandas and R call tidy. */
export function curvesCsv(charts: readonly DrawnChart[]): string {
  const rows = charts.flatMap(({ title, series, against }) =>
    series.flatMap(({ label, points }) => points.map(({ x, y }) => [title, label, against, String(x), String(y)])),
  );
  return csv([['chart', 'series', 'axis', 'position', 'value'], ...rows]);
}
