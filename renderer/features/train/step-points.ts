import type { StepSeries } from '../../../core/contract/runs.ts';
import type { StepTaken } from '../../../core/training/events.ts';
import type { Point } from '../../ui/chart/series.ts';

export const stepFigures = ['loss', 'accuracy', 'learningRate', 'imagesPerSecond', 'gradientNorm'] as const;
export type StepFigure = (typeof stepFigures)[number];

/** Above this many points a figure is thinned to half of them: a chart has no more pixels. */
const mostPoints = 4000;

/** What was measured at steps, one list of points a figure. Grows in place; whoever draws is told by a revision. */
export class StepPoints {
  readonly #points: Record<StepFigure, Point[]> = {
    loss: [],
    accuracy: [],
    learningRate: [],
    imagesPerSecond: [],
    gradientNorm: [],
  };

  of(figure: StepFigure): readonly Point[] {
    return this.#points[figure];
  }

  add(event: StepTaken): void {
    const x = event.epoch - 1 + event.step / event.steps;
    this.#put('loss', x, event.train.loss);
    this.#put('accuracy', x, event.train.accuracy ?? NaN);
    this.#put('learningRate', x, event.learningRate);
    this.#put('imagesPerSecond', x, event.imagesPerSecond);
    this.#put('gradientNorm', x, event.gradientNorm ?? NaN);
  }

  addSeries(series: StepSeries, stepsPerEpoch: number): void {
    for (const figure of stepFigures) {
      for (const [index, step] of series.step.entries())
        this.#put(figure, step / stepsPerEpoch, series[figure][index]!);
    }
  }

  #put(figure: StepFigure, x: number, y: number): void {
    if (!Number.isFinite(y)) return;
    const points = this.#points[figure];
    // A resumed run goes back to its checkpoint: what came after it will be trained again.
    while (points.length > 0 && points.at(-1)!.x >= x) points.pop();
    points.push({ x, y });
    if (points.length > mostPoints) this.#points[figure] = points.filter((_, index) => index % 2 === 0);
  }
}
