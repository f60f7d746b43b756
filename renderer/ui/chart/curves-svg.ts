import { escapeXml } from '../../../core/escape-xml.ts';
import { coverOf } from './curve-cover.ts';
import type { DrawnCurve } from './curve-cover.ts';
import { dashOf } from './chart-options.ts';
import { shortened } from '../shortened.ts';
import type { ChartTheme } from './colours.ts';
import { placeLabels } from './place-labels.ts';
import { markStrokes } from './series.ts';
import type { ChartMark, Series } from './series.ts';
import { powersBetween, ticksBetween } from './ticks.ts';

/** A chart as it is on the page, for a picture or a table of it. */
export interface DrawnChart {
  readonly title: string;
  readonly series: readonly Series[];
  readonly marks: readonly ChartMark[];
  readonly isLogarithmic: boolean;
  readonly against: 'epoch' | 'rate';
  readonly least?: number | undefined;
  readonly greatest?: number | undefined;
  readonly formatAxis: (value: number) => string;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const panel = { width: 560, height: 320 };
const plot = { left: 70, right: 16, top: 62, bottom: 36 };
const head = 40;

/** Charts in two columns under a heading, as one SVG. `range`: the part of the training that is looked at. */
export function curvesSvg(
  heading: string,
  charts: readonly DrawnChart[],
  range: Range | null,
  theme: ChartTheme,
): string {
  const drawn = charts.filter(({ series }) => series.some(({ points }) => points.length > 0));
  const columns = Math.min(2, Math.max(1, drawn.length));
  const width = columns * panel.width;
  const height = head + Math.ceil(drawn.length / columns) * panel.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(theme.font)}" font-size="11" fill="${theme.text}">`,
    `<rect width="${width}" height="${height}" fill="${theme.paper}"/>`,
    text(16, 26, fitted(heading, width - 32, 7.8), `fill="${theme.ink}" font-size="14" font-weight="600"`),
    ...drawn.flatMap((chart, index) => {
      const [x, y] = [(index % columns) * panel.width, head + Math.floor(index / columns) * panel.height];
      return [`<g transform="translate(${x} ${y})">`, ...panelSvg(chart, index, range, theme), '</g>'];
    }),
    '</svg>',
    '',
  ].join('\n');
}

function panelSvg(chart: DrawnChart, index: number, range: Range | null, theme: ChartTheme): readonly string[] {
  const { series, against, isLogarithmic, formatAxis } = chart;
  const [left, right] = [plot.left, panel.width - plot.right];
  const [top, bottom] = [plot.top, panel.height - plot.bottom];
  const isLogX = against === 'rate';
  const points = series.flatMap((line) => line.points).filter(({ y }) => !isLogarithmic || y > 0);
  const xs = points.map(({ x }) => x);
  const spanX = range === null ? { from: isLogX ? Math.min(...xs) : 0, to: greatestOf(xs) } : range;
  const ys = points.filter(({ x }) => x >= spanX.from && x <= spanX.to).map(({ y }) => y);
  const spanY = { from: chart.least ?? leastOf(ys), to: chart.greatest ?? greatestOf(ys) };
  if (isLogarithmic && spanY.from <= 0) spanY.from = leastOf(ys);
  if (spanY.to <= spanY.from) spanY.to = spanY.from + (Math.abs(spanY.from) || 1) / 2;
  const x = scale(spanX, left, right, isLogX);
  const y = scale(spanY, bottom, top, isLogarithmic);
  const ticksX = isLogX ? powersBetween(spanX.from, spanX.to) : ticksBetween(spanX.from, spanX.to, 8);
  const ticksY = isLogarithmic ? powersBetween(spanY.from, spanY.to) : ticksBetween(spanY.from, spanY.to, 6);
  const clip = `plot-${index}`;
  return [
    text(16, 20, fitted(chart.title, panel.width - 32, 7.3), `fill="${theme.ink}" font-size="13" font-weight="600"`),
    ...legendSvg(series, theme),
    ...ticksY.map((tick) => line(left, y(tick), right, y(tick), `stroke="${theme.grid}"`)),
    ...ticksY.map((tick) => text(left - 8, y(tick) + 4, formatAxis(tick), 'text-anchor="end"')),
    ...ticksX.map((tick) => line(x(tick), top, x(tick), bottom, `stroke="${theme.grid}"`)),
    ...ticksX.map((tick) => text(x(tick), bottom + 16, String(tick), 'text-anchor="middle"')),
    text(right, bottom + 30, against, 'text-anchor="end"'),
    `<clipPath id="${clip}"><rect x="${left - 4}" y="${top - 4}" width="${right - left + 8}" height="${bottom - top + 8}"/></clipPath>`,
    `<g clip-path="url(#${clip})">`,
    ...series.flatMap((each) => lineSvg(each, x, y, isLogarithmic, theme)),
    '</g>',
    ...marksSvg(chart, spanX, { x, y }, theme),
  ];
}

function scale({ from, to }: Range, low: number, high: number, isLogarithmic: boolean): (value: number) => number {
  const map = isLogarithmic ? Math.log : (value: number) => value;
  const [first, last] = [map(from), map(to)];
  return (value) => low + ((map(value) - first) / (last - first || 1)) * (high - low);
}

function lineSvg(
  series: Series,
  x: (value: number) => number,
  y: (value: number) => number,
  isLogarithmic: boolean,
  theme: ChartTheme,
): readonly string[] {
  const colour = colourOf(series, theme);
  const points = series.points.filter((point) => !isLogarithmic || point.y > 0);
  const places = points.map((point) => [x(point.x).toFixed(1), y(point.y).toFixed(1)] as const);
  const style = `stroke="${colour}" stroke-width="1.75" stroke-linejoin="round" stroke-dasharray="${dashOf(series).join(' ')}"`;
  const path = `<polyline fill="none" ${style} ${series.isFaint === true ? 'stroke-opacity="0.3" ' : ''}points="${places.map((place) => place.join(',')).join(' ')}"/>`;
  const hasDots = series.hasDots === true || series.isDotsOnly === true || places.length === 1;
  const dots = hasDots ? places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`) : [];
  return series.isDotsOnly === true ? dots : [path, ...dots];
}

/** Pixels: a letter of the legend, a line's sign before its label, and what is free behind it. */
const letterWidth = 6.2;
const legendSign = 34;
const legendGap = 14;

/** A text for so many pixels, by the mean width of a letter. */
function fitted(words: string, width: number, letter: number): string {
  return shortened(words, Math.max(4, Math.floor(width / letter)));
}

function legendSvg(series: readonly Series[], theme: ChartTheme): readonly string[] {
  const named = series.filter(({ isFaint }) => isFaint !== true);
  const room = (panel.width - 32) / named.length - legendSign - legendGap;
  const total = named.reduce((sum, { label }) => sum + legendSign + label.length * letterWidth + legendGap, 0);
  let x = 16;
  return named.flatMap((each) => {
    const at = x;
    const label = total > panel.width - 32 ? fitted(each.label, room, letterWidth) : each.label;
    x += legendSign + letterWidth * label.length + legendGap;
    const colour = colourOf(each, theme);
    const sign =
      each.isDotsOnly === true
        ? `<circle cx="${at + 12}" cy="38" r="3" fill="${colour}"/>`
        : line(at, 38, at + 24, 38, `stroke="${colour}" stroke-width="2" stroke-dasharray="${dashOf(each).join(' ')}"`);
    return [sign, text(at + 30, 42, label)];
  });
}

/** Pixels of a row of labels. */
const rowHeight = 14;

function marksSvg(
  { marks, series, greatest, isLogarithmic }: DrawnChart,
  span: Range,
  { x, y }: { readonly x: (value: number) => number; readonly y: (value: number) => number },
  theme: ChartTheme,
): readonly string[] {
  const [top, bottom] = [plot.top, panel.height - plot.bottom];
  const seen = marks.filter((mark) => mark.x >= span.from && mark.x <= span.to);
  const boxes = seen.map((mark) => ({ x: x(mark.x), width: 6 * mark.label.length + 8 }));
  const curves = series.map(({ points, isDotsOnly = false, isFaint = false }): DrawnCurve => {
    const drawn = points.filter((point) => !isLogarithmic || point.y > 0);
    return { points: drawn.map((point) => ({ x: x(point.x), y: y(point.y) })), isDotsOnly, isFaint };
  });
  // The lines are expected at the top where the greatest value is known.
  const topOf = (row: number): number =>
    greatest === undefined ? top + row * rowHeight : bottom - (row + 1) * rowHeight;
  const cover = (from: number, to: number, row: number): number =>
    coverOf(curves, { left: from, right: to, top: topOf(row), bottom: topOf(row) + rowHeight });
  const rows = Math.floor((bottom - top) / rowHeight);
  const placed = placeLabels(
    boxes,
    boxes.map((box) => box.x),
    plot.left,
    panel.width - plot.right,
    rows,
    cover,
  );
  return [
    ...seen.map((mark) => {
      const { width, dash } = markStrokes[mark.kind];
      const style = `stroke="${theme.marks[mark.kind]}" stroke-width="${width}" stroke-dasharray="${dash.join(' ')}"`;
      return line(x(mark.x), top, x(mark.x), bottom, style);
    }),
    ...seen.flatMap(({ label, kind }, index) => {
      const { left, row } = placed[index]!;
      if (label === '' || row === null) return [];
      const at = topOf(row);
      return [
        `<rect x="${left}" y="${at}" width="${boxes[index]!.width}" height="13" fill="${theme.paper}"/>`,
        text(left + 4, at + 10, label, `font-size="10" fill="${theme.marks[kind]}"`),
      ];
    }),
  ];
}

function colourOf({ colour }: Series, theme: ChartTheme): string {
  return theme.series[(colour - 1) % theme.series.length]!;
}

function text(x: number, y: number, words: string, rest = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${rest}>${escapeXml(words)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" ${style}/>`;
}

function leastOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
}

function greatestOf(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), values[0] ?? 1);
}
