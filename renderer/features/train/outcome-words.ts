import type { TrainingEvent, WeightReport, WeightSource } from '../../../core/training/events.ts';
import { weightSourceWords } from '../../../core/training/weight-source.ts';
import { figure, percent, shape } from '../../app/format.ts';

export interface WeightWords {
  readonly sentence: string;
  /** Those that have a name in them. */
  readonly lists: readonly { readonly title: string; readonly names: readonly string[] }[];
}

/** What came of another run's weights. */
export function weightWords(from: WeightSource, report: WeightReport): WeightWords {
  const { matched, missing, otherShape } = report;
  const all = matched.length + missing.length + otherShape.length;
  return {
    sentence: `Began with weights of ${weightSourceWords(from)}: ${matched.length} of ${all} tensors`,
    lists: weightLists(report),
  };
}

export function weightLists({ matched, missing, otherShape, unused }: WeightReport): WeightWords['lists'] {
  const shapes = otherShape.map(({ name, found, expected }) => `${name} (${shape(found)} for ${shape(expected)})`);
  return [
    { title: 'Taken', names: matched },
    { title: 'Not there, fresh', names: missing },
    { title: 'Of another shape, fresh', names: shapes },
    { title: 'Not in this network', names: unused },
  ].filter(({ names }) => names.length > 0);
}

export function earlyStopWords({ epoch, best, settings }: Extract<TrainingEvent, { event: 'stoppedEarly' }>): string {
  const what = settings.metric === 'testLoss' ? 'test loss' : 'test accuracy';
  const waited = epoch - best.epoch === 1 ? 'one epoch' : `${epoch - best.epoch} epochs`;
  return (
    `Stopped early: the ${what} had not improved for ${waited}. The weights of epoch ${best.epoch} ` +
    `(test loss ${figure(best.test.loss)}, ${percent(best.test.accuracy)}) are kept as the best checkpoint.`
  );
}
