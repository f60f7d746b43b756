import { ratesOfEpoch } from '../schedule/rates.ts';
import type { Span } from '../schedule/rates.ts';
import type { Schedule } from '../project/project.ts';

/** Learning rates on both sides of a change of a training's length: of the last step taken, and of the next one. */
export interface NewRates {
  readonly before: number;
  readonly after: number;
}

/** Whole epochs behind a training, and steps of the next. */
interface Position {
  readonly epoch: number;
  readonly step: number;
}

/**
 * What becomes of the learning rate where a training gets another length on its way. Null: nothing, since the schedule
 * gives every step so far the rate that it had, as constant rates, lists and cycles do. The training then goes on as if
 * it had had that length from the beginning.
 */
export function newRates(
  schedule: Schedule,
  { epoch, step }: Position,
  before: Span,
  after: Pick<Span, 'epochs'>,
): NewRates | null {
  const longer = { ...before, ...after };
  for (let past = 0; past < epoch + (step > 0 ? 1 : 0); past++) {
    const had = ratesOfEpoch(schedule, past, before);
    const has = ratesOfEpoch(schedule, past, longer);
    const count = past < epoch ? had.length : step;
    if (had.subarray(0, count).every((rate, index) => rate === has[index])) continue;
    const last =
      step > 0 ? ratesOfEpoch(schedule, epoch, before)[step - 1] : ratesOfEpoch(schedule, epoch - 1, before).at(-1);
    return { before: last ?? 0, after: ratesOfEpoch(schedule, epoch, longer)[step] ?? 0 };
  }
  return null;
}
