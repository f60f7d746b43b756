import type { Measured } from './measured.ts';
import type { EpochFigureName } from './of-epochs.ts';

/** Test samples by the last weights or by the averaged ones, of the last epoch; `best`: of either, of the best epoch. */
export type RunSplit = 'test' | 'averaged' | 'best';

interface RunFigure {
  /** In summaries and `--json`; in snake_case the column of the index, which keeps them so that thousands of runs sort at once. */
  readonly name: string;
  readonly figure: EpochFigureName;
  readonly of: RunSplit;
}

/** What is kept of each run. */
export const runFigures = [
  { name: 'testAccuracy', figure: 'accuracy', of: 'test' },
  { name: 'averagedAccuracy', figure: 'accuracy', of: 'averaged' },
  { name: 'bestTestAccuracy', figure: 'accuracy', of: 'best' },
  { name: 'testError', figure: 'rootMeanSquare', of: 'test' },
  { name: 'bestTestError', figure: 'rootMeanSquare', of: 'best' },
] as const satisfies readonly RunFigure[];

export type RunFigureName = (typeof runFigures)[number]['name'];

/** By name; null: it does not apply, or there is no epoch yet. */
export type RunFigures = Readonly<Record<RunFigureName, number | null>>;

/** Only the figures, of something that has them among other fields. */
export function runFiguresIn(from: RunFigures): RunFigures {
  return Object.fromEntries(runFigures.map(({ name }) => [name, from[name]])) as RunFigures;
}

/** The figures of a run by the names that they have of an epoch. */
export function measuredOfRun(run: RunFigures, of: RunSplit): Partial<Measured> {
  const known = runFigures.filter((each) => each.of === of && run[each.name] !== null);
  return Object.fromEntries(known.map(({ name, figure }) => [figure, run[name] ?? undefined]));
}
