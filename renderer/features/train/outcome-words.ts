import { scoreOf, testScoreName } from '../../../core/figures/measured.ts';
import type { TrainingEvent, WeightReport, WeightSource } from '../../../core/training/events.ts';
import type { RunState } from '../../../core/training/run-state.ts';
import { weightSourceWords } from '../../../core/training/weight-source.ts';
import { scoreText } from '../../app/figure-text.ts';
import { counted, figure, shape } from '../../app/format.ts';

export interface WeightWords {
  readonly sentence: string;
  /** Those that have a name in them. */
  readonly lists: readonly { readonly title: string; readonly names: readonly string[] }[];
}

/** What came of another run's weights. */
export function weightWords(from: WeightSource, report: WeightReport): WeightWords {
  const { matched, missing, otherShape, prefix } = report;
  const all = matched.length + missing.length + otherShape.length;
  return {
    sentence: `Started from weights of ${weightSourceWords(from)}: ${matched.length} of ${all} tensors have the same name and shape${prefixWords(prefix)}.`,
    lists: weightLists(report),
  };
}

/** Continues a sentence about the names of tensors. */
export function prefixWords(prefix: string | undefined): string {
  return prefix === undefined ? '' : `, after removing the prefix “${prefix}” from the names in the file`;
}

export function weightLists({ matched, missing, otherShape, unused }: WeightReport): WeightWords['lists'] {
  const shapes = otherShape.map(({ name, found, expected }) => `${name} (${shape(found)} for ${shape(expected)})`);
  return [
    { title: 'Loaded', names: matched },
    { title: 'Missing, left as initialised', names: missing },
    { title: 'Shape mismatch, left as initialised', names: shapes },
    { title: 'Unused', names: unused },
  ].filter(({ names }) => names.length > 0);
}

/** What it computes in, if that is not just the default; null: nothing to tell. */
export function precisionInWords({ precisionDecided, trained }: RunState): string | null {
  if (precisionDecided !== undefined) return `${precisionDecided.precision} chosen automatically`;
  return trained?.recipe.kind === 'supervised' ? (trained.recipe.precision ?? null) : null;
}

export function earlyStopWords({ epoch, best, settings }: Extract<TrainingEvent, { event: 'stoppedEarly' }>): string {
  const what = settings.metric === 'testLoss' ? 'test loss' : testScoreName(best.test);
  const waited = counted(epoch - best.epoch, 'epoch');
  return (
    `Stopped early: the ${what} had not improved for ${waited}. The weights of epoch ${best.epoch} ` +
    `(test loss ${figure(best.test.loss)}, ${scoreText(scoreOf(best.test))}) are kept as the best checkpoint.`
  );
}
