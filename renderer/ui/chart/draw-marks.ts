import type { Plugin } from 'chart.js';
import type { ChartTheme } from './colours.ts';
import { placeLabels } from './place-labels.ts';
import type { ChartMark } from './series.ts';

const rowHeight = 15;
const fontSize = 10;
/** Labels take no more of a chart's height than this. */
const mostOfHeight = 0.5;

/** Draws moments as lines across a chart. Labels stand at the bottom where the lines are expected at the top. */
export function drawMarks(
  marksOf: () => readonly ChartMark[],
  themeOf: () => ChartTheme,
  isAtBottom: () => boolean,
): Plugin<'line'> {
  return {
    id: 'marks',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const { left, right, top, bottom } = chartArea;
      const theme = themeOf();
      const seen = marksOf()
        .map((mark) => ({ ...mark, pixel: scales['x']?.getPixelForValue(mark.x) ?? NaN }))
        .filter(({ pixel }) => pixel >= left - 0.5 && pixel <= right + 0.5);
      if (seen.length === 0) return;
      ctx.save();
      ctx.strokeStyle = theme.mark;
      ctx.lineWidth = 1;
      ctx.setLineDash([2, 3]);
      for (const { pixel } of seen) {
        ctx.beginPath();
        ctx.moveTo(pixel, top);
        ctx.lineTo(pixel, bottom);
        ctx.stroke();
      }
      ctx.font = `${fontSize}px ${theme.font}`;
      ctx.textBaseline = 'middle';
      const named = seen.filter(({ label }) => label !== '');
      const boxes = named.map(({ label, pixel }) => ({ x: pixel, width: ctx.measureText(label).width + 8 }));
      const rows = Math.floor((mostOfHeight * (bottom - top)) / rowHeight);
      for (const [index, { left: from, row }] of placeLabels(boxes, left, right, rows).entries()) {
        if (row === null) continue;
        const y = isAtBottom() ? bottom - (row + 1) * rowHeight : top + row * rowHeight;
        // Opaque, so that neither a line nor a mark runs through the words.
        ctx.fillStyle = theme.paper;
        ctx.fillRect(from, y, boxes[index]!.width, rowHeight - 1);
        ctx.fillStyle = theme.text;
        ctx.fillText(named[index]!.label, from + 4, y + rowHeight / 2);
      }
      ctx.restore();
    },
  };
}
