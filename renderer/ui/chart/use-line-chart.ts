import { Chart, Decimation, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js';
import type { ChartDataset } from 'chart.js';
import zoom from 'chartjs-plugin-zoom';
import { onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { chartDataset, chartOptions, crosshair } from './chart-options.ts';
import type { ChartLook } from './chart-options.ts';
import { useChartSync } from './chart-sync.ts';
import { useChartTheme } from './chart-theme.ts';
import { drawMarks } from './draw-marks.ts';
import { drawGrowth, drawSoon, forgetDrawing } from './draw-soon.ts';
import type { ChartMark, Series } from './series.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Decimation, zoom);

export interface LineChartInput {
  readonly series: () => readonly Series[];
  readonly marks: () => readonly ChartMark[];
  readonly look: () => ChartLook;
  /** Whether more will come beside a training, which drawing must not slow. */
  readonly isGrowing: () => boolean;
}

/**
 * Keeps a chart on the canvas in step with its input, its theme and the charts beside it. Returns the series as they were
 * last drawn, which while a training runs are some behind those that came.
 */
export function useLineChart(
  canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>,
  input: LineChartInput,
): Readonly<ShallowRef<readonly Series[]>> {
  const drawn = shallowRef(input.series());
  const sync = useChartSync();
  const theme = useChartTheme();
  let chart: Chart<'line'> | undefined;
  let areOptionsNew = true;

  onMounted(() => drawSoon(draw));
  onBeforeUnmount(() => {
    forgetDrawing(draw);
    forgetDrawing(drawPointer);
    if (chart !== undefined) end(chart);
  });

  function create(): Chart<'line'> {
    const pointer = crosshair(
      () => sync.hover.value,
      () => theme.value.mark,
    );
    const marks = drawMarks(
      input.marks,
      () => theme.value,
      () => input.look().greatest !== undefined,
    );
    return new Chart(canvas.value!, {
      type: 'line',
      data: { datasets: lines() },
      options: options(),
      plugins: [marks, pointer],
    });
  }

  function options() {
    const plain = chartOptions(input.look(), theme.value);
    const { from, to } = sync.range.value ?? {};
    return {
      ...plain,
      scales: { ...plain.scales, x: { ...plain.scales!['x'], ...(from === undefined ? {} : { min: from, max: to! }) } },
      plugins: { ...plain.plugins, zoom: zoomOptions() },
    } as typeof plain;
  }

  function zoomOptions() {
    const onZoomComplete = ({ chart: { scales } }: { chart: Chart }) => {
      const { min, max } = scales['x']!;
      sync.range.value = { from: min, to: max };
    };
    const drag = { enabled: true, backgroundColor: `color-mix(in srgb, ${theme.value.mark} 25%, transparent)` };
    return {
      zoom: { wheel: { enabled: true, modifierKey: 'ctrl' as const }, drag, mode: 'x' as const, onZoomComplete },
    };
  }

  function lines(): ChartDataset<'line'>[] {
    drawn.value = input.series();
    return drawn.value.map((series) => chartDataset(series, theme.value));
  }

  function draw(): void {
    if (chart === undefined) {
      areOptionsNew = false;
      chart = create();
      return;
    }
    if (areOptionsNew) chart.options = options();
    areOptionsNew = false;
    const datasets = lines();
    chart.data.datasets.splice(datasets.length);
    for (const [index, dataset] of datasets.entries()) {
      const before = chart.data.datasets[index];
      // Chart.js keeps the look of a data set's first points: another one needs a new data set.
      if (before === undefined || !haveSameDots(before, dataset)) chart.data.datasets[index] = dataset;
      else Object.assign(before, dataset);
    }
    chart.update('none');
  }

  function drawPointer(): void {
    chart?.draw();
  }

  watch([input.look, theme, sync.range], () => {
    areOptionsNew = true;
    drawSoon(draw);
  });
  watch([input.marks, input.series], () => (input.isGrowing() ? drawGrowth : drawSoon)(draw));
  // What came last is not kept waiting when nothing else will come.
  watch(input.isGrowing, () => drawSoon(draw));
  watch(sync.hover, () => drawSoon(drawPointer));

  useHover(canvas, () => chart, sync.hover);
  return drawn;
}

/** For good: Chart.js updates a chart `resizeDelay` after its size changed, even where it was destroyed meanwhile. */
function end(chart: Chart<'line'>): void {
  chart.destroy();
  chart.update = () => undefined;
}

function haveSameDots(one: ChartDataset<'line'>, other: ChartDataset<'line'>): boolean {
  return one.pointRadius === other.pointRadius && one.backgroundColor === other.backgroundColor;
}

/** Tells the others where the pointer is, in epochs. */
function useHover(
  canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>,
  chart: () => Chart | undefined,
  hover: ShallowRef<number | null>,
): void {
  onMounted(() => {
    canvas.value!.addEventListener('pointermove', ({ offsetX }) => {
      const scale = chart()?.scales['x'];
      const x = scale?.getValueForPixel(offsetX);
      hover.value = scale === undefined || x === undefined || x < scale.min || x > scale.max ? null : x;
    });
    canvas.value!.addEventListener('pointerleave', () => (hover.value = null));
  });
}
