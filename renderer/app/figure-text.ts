import type { FigureFormat } from '../../core/figures/figure.ts';
import type { Score } from '../../core/figures/measured.ts';
import { count, figure, percent, shortCount, shortPercent } from './format.ts';

interface FigureText {
  readonly inChart: (value: number) => string;
  readonly onAxis: (value: number) => string;
  readonly inTable: (value: number) => string;
}

const texts: Readonly<Record<FigureFormat, FigureText>> = {
  loss: { inChart: figure, onAxis: figure, inTable: lossInTable },
  fraction: { inChart: percent, onAxis: shortPercent, inTable: percent },
  number: { inChart: figure, onAxis: figure, inTable: figure },
  count: { inChart: count, onAxis: shortCount, inTable: count },
};

/** Four decimals, so that a column can be compared; what they would round to nothing, and what is huge, as it is. */
function lossInTable(value: number): string {
  const size = Math.abs(value);
  return (value !== 0 && size < 0.00005) || size >= 1e6 ? figure(value) : value.toFixed(4);
}

/** How the window writes a figure's values. */
export function textsOf({ format }: { readonly format: FigureFormat }): FigureText {
  return texts[format];
}

/** What an epoch or a run is compared by, where no title says what it is: `92.41 %`, `RMSE 0.183`. */
export function scoreText(score: Score | null): string {
  if (score === null) return '–';
  const text = textsOf(score.figure).inChart(score.value);
  return score.figure.abbreviation === undefined ? text : `${score.figure.abbreviation} ${text}`;
}
