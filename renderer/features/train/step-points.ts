import type { StepSeries } from '../../../core/contract/runs.ts';
import { storedNames, valuesAtStep } from '../../../core/figures/measured.ts';
import type { StoredName } from '../../../core/figures/measured.ts';
import type { StepTaken } from '../../../core/training/events.ts';
import { placeOfStep } from '../../../core/training/place.ts';
import type { Point } from '../../ui/chart/series.ts';

/** Above this many points a figure is thinned to half of them: a chart has no more pixels. */
const mostPoints = 4000;

/** What was measured at steps, one list of points a figure. Grows in place; whoever draws is told by a revision. */
export class StepPoints {
  readonly #points = new Map<StoredName, Point[]>();

  of(figure: StoredName): readonly Point[] {
    return this.#points.get(figure) ?? [];
  }

  add(event: StepTaken): void {
    const x = placeOfStep(event).epoch;
    const values = valuesAtStep(event);
    for (const name of storedNames) this.#put(name, x, values[name] ?? NaN);
  }

  addSeries({ step, figures }: StepSeries, stepsPerEpoch: number): void {
    for (const name of storedNames) {
      for (const [index, value] of figures[name]?.entries() ?? [])
        this.#put(name, step[index]! / stepsPerEpoch, decimal(value));
    }
  }

  #put(figure: StoredName, x: number, y: number): void {
    if (!Number.isFinite(y)) return;
    const points = this.#points.get(figure) ?? [];
    // A resumed run goes back to its checkpoint: what came after it will be trained again.
    while (points.length > 0 && points.at(-1)!.x >= x) points.pop();
    points.push({ x, y });
    this.#points.set(figure, points.length > mostPoints ? points.filter((_, index) => index % 2 === 0) : points);
  }
}

/** Stored with 32 bits, .001 has become 0.0010000000475: an axis would end above it. */
function decimal(stored: number): number {
  return Number(stored.toPrecision(7));
}
