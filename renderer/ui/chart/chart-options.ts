import type { ChartDataset, ChartOptions, Plugin, Scale } from 'chart.js';
import type { ChartMark, Series } from './series.ts';
import type { ChartTheme } from './chart-theme.ts';

export interface ChartLook {
  readonly isLogarithmic: boolean;
  /** Of the vertical axis; absent: as the figures have it. */
  readonly least?: number | undefined;
  readonly greatest?: number | undefined;
  /** Of the axis. */
  readonly format: (value: number) => string;
  /** What the figures are drawn against; of rates the logarithm. */
  readonly against: 'epoch' | 'rate';
}

type LineOptions = ChartOptions<'line'>;

export function chartOptions(look: ChartLook, marks: readonly ChartMark[], theme: ChartTheme): LineOptions {
  const font = { family: theme.font, size: 11 };
  const ticks = { color: theme.text, font, maxRotation: 0 };
  return {
    animation: false,
    maintainAspectRatio: false,
    // Charts beside each other then resize in tasks of their own.
    resizeDelay: 60,
    parsing: false,
    normalized: true,
    events: ['mousemove', 'mouseout'],
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    layout: { padding: { top: 4, right: 6 } },
    scales: {
      x: {
        ...(look.against === 'rate' ? { type: 'logarithmic' as const } : { type: 'linear' as const, min: 0 }),
        ...(look.against === 'rate' ? { afterBuildTicks: keepPowersOfTen } : {}),
        ticks: {
          ...ticks,
          maxTicksLimit: 9,
          ...(look.against === 'rate' ? { callback: (value: string | number) => powerOfTen(Number(value)) } : {}),
        },
        grid: { color: theme.grid },
        border: { color: theme.grid },
      },
      y: {
        type: look.isLogarithmic ? 'logarithmic' : 'linear',
        ...(look.least === undefined ? {} : { min: look.least }),
        ...(look.greatest === undefined ? {} : { max: look.greatest }),
        afterFit: (scale) => (scale.width = 56),
        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => look.format(Number(value)) },
        grid: { color: theme.grid },
        border: { display: false },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      decimation: { enabled: true, algorithm: 'lttb', samples: 500, threshold: 1000 },
      annotation: { annotations: marks.map((mark, index) => annotationOf(mark, index, look, theme)) },
    },
  };
}

/** Of the ticks of a logarithmic axis, before those that find no room are left out. */
function keepPowersOfTen(scale: Scale): void {
  scale.ticks = scale.ticks.filter(({ value }) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6);
}

function powerOfTen(value: number): string {
  const power = Math.round(Math.log10(value));
  return power >= -3 && power < 4 ? String(Number(value.toPrecision(6))) : `1e${power}`;
}

/** Labels of neighbours stand at different heights, and where the line is not: below one that nears its greatest. */
function annotationOf({ x, label }: ChartMark, index: number, look: ChartLook, theme: ChartTheme) {
  const isBelow = look.greatest !== undefined;
  return {
    type: 'line' as const,
    scaleID: 'x',
    value: x,
    borderColor: theme.mark,
    borderWidth: 1,
    borderDash: [2, 3],
    label: {
      display: label !== '',
      content: label,
      position: isBelow ? ('end' as const) : ('start' as const),
      yAdjust: (isBelow ? -12 : 12) * (index % 4),
      backgroundColor: 'transparent',
      color: theme.text,
      font: { family: theme.font, size: 10, weight: 'normal' as const },
      padding: 2,
    },
  };
}

const dashes: readonly (readonly number[])[] = [[], [5, 3], [2, 2], [9, 3, 2, 3]];

/** Lengths of strokes and gaps, for a canvas and for SVG alike. */
export function dashOf({ dash = 0 }: Pick<Series, 'dash'>): readonly number[] {
  return dashes[dash % dashes.length]!;
}

export function chartDataset(series: Series, theme: ChartTheme): ChartDataset<'line'> {
  const colour = theme.series[(series.colour - 1) % theme.series.length]!;
  return {
    label: series.label,
    data: series.points as { x: number; y: number }[],
    borderColor: series.isFaint === true ? `color-mix(in srgb, ${colour} 30%, transparent)` : colour,
    backgroundColor: colour,
    borderWidth: series.isFaint === true ? 1 : 1.75,
    borderDash: [...dashOf(series)],
    pointRadius: series.hasDots === true ? 2.25 : 0,
    pointHitRadius: 0,
    pointHoverRadius: 0,
  };
}

/** Draws where the pointer is, on every chart. */
export function crosshair(hoverOf: () => number | null, colourOf: () => string): Plugin<'line'> {
  return {
    id: 'crosshair',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      const hover = hoverOf();
      const x = hover === null ? undefined : scales['x']?.getPixelForValue(hover);
      if (x === undefined || x < chartArea.left || x > chartArea.right) return;
      ctx.save();
      ctx.strokeStyle = colourOf();
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}
