import type { EarlyStopping } from '../project/project.ts';
import { gainOf, scoreOf } from '../figures/measured.ts';
import type { Measured } from '../figures/measured.ts';
import type { EpochFinished } from './events.ts';

type Judged = Pick<EpochFinished, 'epoch' | 'test'>;

/** The last epoch that improved the figure; null: none is finished yet, or the figure is not measured. */
export function bestEpoch(epochs: readonly Judged[], settings: EarlyStopping): Judged | null {
  let best: Judged | null = null;
  for (const epoch of epochs) if (improves(epoch, best, settings)) best = epoch;
  return best;
}

export function improves(epoch: Judged, best: Judged | null, { metric, minimumChange = 0 }: EarlyStopping): boolean {
  if (best === null) return true;
  const gain = metric === 'testLoss' ? best.test.loss - epoch.test.loss : gainOfScore(epoch.test, best.test);
  return gain > 0 && gain >= minimumChange;
}

/** Of accuracy; of a regression, what its root mean square error has become smaller by. */
function gainOfScore(now: Measured, before: Measured): number {
  const score = scoreOf(now);
  const valueBefore = score && before[score.figure.name];
  return valueBefore == null ? 0 : gainOf(score!.figure, score!.value, valueBefore);
}

/** Whether the figure has not improved for as many epochs as patience lasts. */
export function isPatienceOver(epochs: readonly Judged[], settings: EarlyStopping): boolean {
  const last = epochs.at(-1);
  const best = bestEpoch(epochs, settings);
  return last !== undefined && best !== null && last.epoch - best.epoch >= settings.patience;
}
