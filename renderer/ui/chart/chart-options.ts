import type { ChartDataset, ChartOptions, Plugin, Scale } from 'chart.js';
import type { ChartTheme } from './colours.ts';
import type { Series } from './series.ts';

export interface ChartLook {
  readonly isLogarithmic: boolean;
  /** Of the vertical axis; absent: as the figures have it. */
  readonly least?: number | undefined;
  readonly greatest?: number | undefined;
  /** Of the axis. */
  readonly format: (value: number) => string;
  /** What the figures are drawn against; of rates the logarithm. */
  readonly against: 'epoch' | 'rate';
  /** Without a point an axis would have numbers that were never measured. */
  readonly isEmpty: boolean;
}

/** Pixels for the numbers of the vertical axis, the same in charts below each other; more where they need it. */
const usualAxis = 56;

type LineOptions = ChartOptions<'line'>;

export function chartOptions(look: ChartLook, theme: ChartTheme): LineOptions {
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
          display: !look.isEmpty,
          ...(look.against === 'rate' ? { callback: (value: string | number) => powerOfTen(Number(value)) } : {}),
        },
        grid: { color: theme.grid },
        border: { color: theme.grid },
      },
      y: {
        type: look.isLogarithmic ? 'logarithmic' : 'linear',
        ...(look.least === undefined ? {} : { min: look.least }),
        ...(look.greatest === undefined ? {} : { max: look.greatest }),
        afterFit: (scale) => (scale.width = Math.max(usualAxis, scale.width)),
        ticks: { ...ticks, maxTicksLimit: 6, display: !look.isEmpty, callback: (value) => look.format(Number(value)) },
        grid: { color: theme.grid },
        border: { display: false },
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      decimation: { enabled: true, algorithm: 'lttb', samples: 500, threshold: 1000 },
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

const dashes: readonly (readonly number[])[] = [[], [5, 3], [2, 2], [9, 3, 2, 3]];

/** Lengths of strokes and gaps, for a canvas and for SVG alike. */
export function dashOf({ dash = 0 }: Pick<Series, 'dash'>): readonly number[] {
  return dashes[dash % dashes.length]!;
}

/** Pixels, of a line that another one smooths. */
export const faintWidth = 1;

export function chartDataset(series: Series, theme: ChartTheme): ChartDataset<'line'> {
  const colour = theme.series[(series.colour - 1) % theme.series.length]!;
  return {
    label: series.label,
    data: series.points as { x: number; y: number }[],
    borderColor: series.isFaint === true ? `color-mix(in srgb, ${colour} 30%, transparent)` : colour,
    backgroundColor: colour,
    borderWidth: series.isFaint === true ? faintWidth : 1.75,
    borderDash: [...dashOf(series)],
    showLine: series.isDotsOnly !== true,
    pointRadius: series.isDotsOnly === true ? 3 : series.hasDots === true || series.points.length === 1 ? 2.25 : 0,
    // A point on the edge, as of 100 %, is drawn whole: the layout's padding has room for it.
    clip: { left: 0, right: 3, top: 3, bottom: 3 },
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
