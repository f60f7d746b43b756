import { Chart } from 'chart.js';
import { chartDataset, chartOptions } from './chart-options.ts';
import './use-line-chart.ts';

/** Draws one chart that nobody sees, so that the first one in sight does not hold up the window while its code is new. */
export function warmUpCharts(): void {
  const theme = {
    series: ['#888'],
    text: '#888',
    grid: '#888',
    mark: '#888',
    marks: { failure: '#888', data: '#888', settings: '#888', best: '#888', pause: '#888' },
    paper: '#888',
    ink: '#888',
    font: 'sans-serif',
  };
  const look = { isLogarithmic: false, against: 'epoch' as const, isEmpty: false, format: String };
  const points = [0, 1].map((at) => ({ x: at, y: at }));
  const series = { label: '', points, colour: 1 };
  const canvas = document.createElement('canvas');
  const options = { ...chartOptions(look, theme), responsive: false };
  new Chart(canvas, { type: 'line', data: { datasets: [chartDataset(series, theme)] }, options }).destroy();
}
