import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Choice } from '../../../core/training/explain-choices.ts';
import { isWeightsFile } from '../../../core/training/weight-source.ts';
import { fitToData } from '../../projects/fit-to-data.ts';
import type { Assignment } from '../../projects/open-project.ts';
import { readCheckpointIndex } from '../../runs/checkpoint-index.ts';
import { checkpointsFolder, picturesFolder } from '../../runs/run-folder.ts';
import { RunIndex } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import type { TrainingListener } from '../../training/supervise.ts';
import { resumeTraining, startTraining } from '../../training/train-project.ts';
import type { ResumeSettings, Training, TrainSettings } from '../../training/train-project.ts';
import { choiceLines } from '../choice-lines.ts';
import { dataProgress } from '../data-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { percent, significant } from '../format.ts';
import { onInterrupt } from '../interrupts.ts';
import { openedProject } from '../opened-project.ts';
import type { Output } from '../output.ts';
import { trainingView } from '../training-view.ts';

export async function train(
  output: Output,
  recipeOrFile: string,
  assignments: readonly Assignment[],
  { isExplained = false, ...settings }: TrainSettings & Explained,
): Promise<ExitCode> {
  const opened = await openedProject(output, recipeOrFile, assignments);
  const reading = dataProgress(output);
  const { project, notes } = await fitToData(opened, assignments, reading.show).finally(reading.end);
  for (const note of notes) output.note(note);
  return withIndex(async (index) => {
    const weights = settings.weights && { ...settings.weights, from: await fromOf(index, settings.weights.from) };
    const told = { ...settings, ...(weights === undefined ? {} : { weights }), onProgress: reading.show };
    const start: Start = (listener) => startTraining(index, project, told, listener).finally(reading.end);
    return follow(output, index, isExplained, start);
  });
}

/** A file, or the id of a run. A file whose name has no ending of weights is taken where no run has that name. */
async function fromOf(index: RunIndex, from: string): Promise<string> {
  if (isWeightsFile(from)) return from;
  try {
    return (await findRun(index, from)).id;
  } catch (error) {
    const isFile = await stat(from).then(
      (facts) => facts.isFile(),
      () => false,
    );
    if (isFile) return path.resolve(from);
    throw error;
  }
}

export async function resume(
  output: Output,
  name: string,
  { isExplained = false, ...settings }: ResumeSettings & Explained,
): Promise<ExitCode> {
  return withIndex((index) =>
    follow(output, index, isExplained, async (listener) =>
      resumeTraining(index, await findRun(index, name), settings, listener),
    ),
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

interface Explained {
  /** Print what was chosen on this machine, and why. */
  readonly isExplained?: boolean;
}

type Start = (listener: TrainingListener) => Promise<Training>;

/** Draws a training until it ends. Ctrl+C saves and stops, and so does a stdout that takes no more. */
async function follow(output: Output, index: RunIndex, isExplained: boolean, start: Start): Promise<ExitCode> {
  const onChoices = (choices: readonly Choice[]): void => {
    if (output.isJson) output.json({ event: 'choicesMade', choices });
    else for (const line of choiceLines(choices)) output.line(line);
  };
  const training = await start({ onEvent: trainingView(output), ...(isExplained && { onChoices }) });
  const killed = new AbortController();
  const release = onInterrupt({
    first: () => {
      output.note('\nFinishing the step and saving. Press Ctrl+C again to stop immediately.');
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
      output.note(`Stopped. Resume from the last checkpoint with: torchwright resume ${training.run}`);
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
  if (best.testAccuracy === null && best.testError === undefined) return `Images: ${picturesFolder(run)}`;
  const what =
    best.testError === undefined
      ? `Best test accuracy ${percent(best.testAccuracy)}`
      : `Lowest test RMSE ${significant(best.testError)}`;
  return `${what} after epoch ${best.epoch}, kept as the best checkpoint`;
}
