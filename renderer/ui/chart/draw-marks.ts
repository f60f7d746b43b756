import type { Chart, Plugin } from 'chart.js';
import type { ChartTheme } from './colours.ts';
import { faintWidth } from './chart-options.ts';
import { coverOf } from './curve-cover.ts';
import type { DrawnCurve } from './curve-cover.ts';
import { placeLabels } from './place-labels.ts';
import { markStrokes } from './series.ts';
import type { ChartMark } from './series.ts';

const rowHeight = 15;
const fontSize = 10;

/** Draws moments as lines across a chart. Labels stand beside their lines and off the curves, near the bottom where those are expected at the top. */
export function drawMarks(
  marksOf: () => readonly ChartMark[],
  themeOf: () => ChartTheme,
  isAtBottom: () => boolean,
): Plugin<'line'> {
  return {
    id: 'marks',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const { left, right, top, bottom } = chartArea;
      const theme = themeOf();
      const seen = marksOf()
        .map((mark) => ({ ...mark, pixel: scales['x']?.getPixelForValue(mark.x) ?? NaN }))
        .filter(({ pixel }) => pixel >= left - 0.5 && pixel <= right + 0.5);
      if (seen.length === 0) return;
      ctx.save();
      for (const { pixel, kind } of seen) {
        ctx.strokeStyle = theme.marks[kind];
        ctx.lineWidth = markStrokes[kind].width;
        ctx.setLineDash([...markStrokes[kind].dash]);
        ctx.beginPath();
        ctx.moveTo(pixel, top);
        ctx.lineTo(pixel, bottom);
        ctx.stroke();
      }
      ctx.font = `${fontSize}px ${theme.font}`;
      ctx.textBaseline = 'middle';
      const named = seen.filter(({ label }) => label !== '');
      const boxes = named.map(({ label, pixel }) => ({ x: pixel, width: ctx.measureText(label).width + 8 }));
      const linesAt = seen.map(({ pixel }) => pixel);
      const rows = Math.floor((bottom - top) / rowHeight);
      const topOf = (row: number): number => (isAtBottom() ? bottom - (row + 1) * rowHeight : top + row * rowHeight);
      const curves = curvesOf(chart);
      const cover = (from: number, to: number, row: number): number =>
        coverOf(curves, { left: from, right: to, top: topOf(row), bottom: topOf(row) + rowHeight });
      for (const [index, { left: from, row }] of placeLabels(boxes, linesAt, left, right, rows, cover).entries()) {
        if (row === null) continue;
        const y = topOf(row);
        // Opaque, so that neither a line nor a mark runs through the words.
        ctx.fillStyle = theme.paper;
        ctx.fillRect(from, y, boxes[index]!.width, rowHeight - 1);
        ctx.fillStyle = theme.marks[named[index]!.kind];
        ctx.fillText(named[index]!.label, from + 4, y + rowHeight / 2);
      }
      ctx.restore();
    },
  };
}

/** As Chart.js has drawn them. */
function curvesOf(chart: Chart<'line'>): readonly DrawnCurve[] {
  return chart.getSortedVisibleDatasetMetas().map(({ data, index }) => {
    const { showLine, borderWidth } = chart.data.datasets[index]!;
    const points = data.map(({ x, y }) => ({ x, y }));
    return { points, isDotsOnly: showLine === false, isFaint: borderWidth === faintWidth };
  });
}
