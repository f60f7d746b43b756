import type { RunPhase, RunState } from '../../../core/training/run-state.ts';
import { epochSize } from './running-mean.ts';
import type { EpochSize } from './running-mean.ts';

export function isOver({ kind }: RunPhase): boolean {
  return kind === 'finished' || kind === 'stopped' || kind === 'failed' || kind === 'crashed';
}

/** Whether a stopped or broken run can be resumed. */
export function canGoOn({ kind }: RunPhase): boolean {
  return kind === 'stopped' || kind === 'failed' || kind === 'crashed';
}

/** Whether there is one to resume from; else it begins anew. */
export function hasCheckpoint({ markers }: RunState): boolean {
  return markers.some(({ kind }) => kind === 'checkpoint' || kind === 'best' || kind === 'paused');
}

/** Whether it trains a generator: by its project or, of another window's training, by what it has told so far. */
export function isAdversarial({ trained, step, epochs }: RunState): boolean {
  if (trained !== null) return trained.recipe.kind === 'adversarial';
  return (step ?? epochs[0])?.train.generatorLoss !== undefined;
}

export function epochSizeOf({ started, stored, trained, step }: RunState): EpochSize {
  const recipe = trained?.recipe;
  const batch = recipe && recipe.batchSize * (recipe.kind === 'supervised' ? (recipe.accumulate ?? 1) : 1);
  const { stepsPerEpoch, trainSamples } = started ?? stored ?? {};
  return epochSize(stepsPerEpoch ?? step?.steps, trainSamples, batch);
}

/** In whole epochs and fractions. */
export function epochsDone(run: RunState): number {
  const finished = run.epochs.at(-1)?.epoch ?? 0;
  const { step, markers } = run;
  if (step !== null) return Math.max(finished, step.epoch - 1 + step.step / step.steps);
  // Of a run that nobody trains now, what its last checkpoint has behind it.
  return Math.max(finished, markers.findLast(({ kind }) => kind === 'checkpoint')?.epoch ?? 0);
}

/** All that are planned; undefined until that is known. */
export function epochsOf({ epochsPlanned, step, stored }: RunState): number | undefined {
  return epochsPlanned ?? step?.epochs ?? stored?.epochs;
}

/** All steps of the epoch are done: its test set, and what a generator makes, are still to come. */
export function isEvaluating(run: RunState): boolean {
  return run.state.kind === 'running' && untestedEpoch(run) !== null;
}

/** Null: none. */
function untestedEpoch({ step, epochs }: RunState): number | null {
  if (step === null || step.step < step.steps) return null;
  return (epochs.at(-1)?.epoch ?? 0) < step.epoch ? step.epoch : null;
}

/** Counted from 1: the epoch it is in, or was in when it stopped. */
export function currentEpoch(run: RunState): number {
  const done = epochsDone(run);
  const all = epochsOf(run) ?? Infinity;
  return Math.min(
    all,
    isOver(run.state) ? Math.ceil(done - 1e-9) : (untestedEpoch(run) ?? Math.floor(done + 1e-9) + 1),
  );
}

/** Where a stopped run stands, and what can be done with it. */
export function stopWords(run: RunState): string {
  const all = epochsOf(run);
  const done = epochsDone(run);
  const isBetween = Math.abs(done - Math.round(done)) < 1e-9;
  // All steps of the epoch are done, but its test set was not evaluated.
  const isUntested = isBetween && Math.round(done) > (run.epochs.at(-1)?.epoch ?? 0);
  const where = isUntested
    ? `in epoch ${Math.round(done)}`
    : isBetween
      ? `after epoch ${Math.round(done)}`
      : `in epoch ${currentEpoch(run)}`;
  const tail = isUntested ? ', before its evaluation' : '';
  return `Stopped ${where}${all === undefined ? '' : ` of ${all}`}${tail}. Resume continues from the last checkpoint.`;
}

/** 0…1. */
export function progressOf(run: RunState): number {
  if (run.state.kind === 'finished') return 1;
  const epochs = epochsOf(run);
  return epochs === undefined ? 0 : Math.min(1, epochsDone(run) / epochs);
}
