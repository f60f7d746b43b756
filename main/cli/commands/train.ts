import type { EpochFinished } from '../../../core/training/events.ts';
import { openProject } from '../../projects/open-project.ts';
import type { Assignment } from '../../projects/open-project.ts';
import { RunIndex } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import type { TrainingListener } from '../../training/supervise.ts';
import { resumeTraining, startTraining } from '../../training/train-project.ts';
import type { Training, TrainSettings } from '../../training/train-project.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { percent } from '../format.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Output } from '../output.ts';
import { trainingView } from '../training-view.ts';

export async function train(
  output: Output,
  recipeOrFile: string,
  assignments: readonly Assignment[],
  settings: TrainSettings,
): Promise<ExitCode> {
  const project = await openProject(recipeOrFile, assignments);
  return withIndex((index) => follow(output, index, (listener) => startTraining(index, project, settings, listener)));
}

export async function resume(output: Output, name: string, settings: Partial<TrainSettings>): Promise<ExitCode> {
  return withIndex((index) =>
    follow(output, index, async (listener) => resumeTraining(index, await findRun(index, name), settings, listener)),
  );
}

async function withIndex<T>(work: (index: RunIndex) => Promise<T>): Promise<T> {
  const index = await RunIndex.open();
  try {
    return await work(index);
  } finally {
    index.close();
  }
}

type Start = (listener: TrainingListener) => Promise<Training>;

/** Draws a training until it ends. Ctrl+C saves and stops, and so does a stdout that takes no more. */
async function follow(output: Output, index: RunIndex, start: Start): Promise<ExitCode> {
  const training = await start({ onEvent: trainingView(output) });
  const killed = new AbortController();
  const release = onInterrupt({
    first: () => {
      output.note('\nFinishing the step and saving. Ctrl+C again stops at once.');
      training.stop();
    },
    second: () => {
      killed.abort();
      training.kill();
    },
  });
  if (output.broken.aborted) training.stop();
  output.broken.addEventListener('abort', () => training.stop());
  try {
    const state = await training.result;
    if (state === 'finished') {
      if (!output.isJson) output.line(bestLine(index.epochs(training.run)));
      return exitCodes.done;
    }
    if (killed.signal.aborted) {
      output.note(`Stopped. To go on from the last checkpoint: torchwright resume ${training.run}`);
    }
    return exitCodes.interrupted;
  } finally {
    release();
  }
}

function bestLine(epochs: readonly EpochFinished[]): string {
  const best = epochs.reduce((a, b) => (b.test.accuracy > a.test.accuracy ? b : a));
  return `Best test accuracy ${percent(best.test.accuracy)} after epoch ${best.epoch}, kept as the best checkpoint`;
}
