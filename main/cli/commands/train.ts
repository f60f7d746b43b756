import { isWeightsFile } from '../../../core/training/weight-source.ts';
import { openProject } from '../../projects/open-project.ts';
import type { Assignment } from '../../projects/open-project.ts';
import { readCheckpointIndex } from '../../runs/checkpoint-index.ts';
import { checkpointsFolder, picturesFolder } from '../../runs/run-folder.ts';
import { RunIndex } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import type { TrainingListener } from '../../training/supervise.ts';
import { resumeTraining, startTraining } from '../../training/train-project.ts';
import type { Training, TrainSettings } from '../../training/train-project.ts';
import { dataProgress } from '../data-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { figure, percent } from '../format.ts';
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
  const reading = dataProgress(output);
  return withIndex(async (index) => {
    const from = settings.from === undefined ? {} : { from: await fromOf(index, settings.from) };
    const told = { ...settings, ...from, onProgress: reading.show };
    return follow(output, index, (listener) => startTraining(index, project, told, listener).finally(reading.end));
  });
}

/** A file, or the id of a run. */
async function fromOf(index: RunIndex, from: string): Promise<string> {
  return isWeightsFile(from) ? from : (await findRun(index, from)).id;
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
      if (!output.isJson) output.line(await closingLine(training.run));
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

async function closingLine(run: string): Promise<string> {
  const best = (await readCheckpointIndex(checkpointsFolder(run)))?.best;
  if (!best) throw new Error('a finished run without a best checkpoint');
  // Neither is known of a generator, whose best checkpoint is its last.
  if (best.testAccuracy === null && best.testError === undefined) return `Its pictures: ${picturesFolder(run)}`;
  const what =
    best.testError === undefined
      ? `Best test accuracy ${percent(best.testAccuracy)}`
      : `Least root mean square error of the test set ${figure(best.testError)}`;
  return `${what} after epoch ${best.epoch}, kept as the best checkpoint`;
}
