import { randomInt } from 'node:crypto';
import type { Project } from '../../core/project/project.ts';
import { averagingOf } from '../../core/training/averaging.ts';
import type { OnProgress } from '../datasets/progress.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import type { TrainingJob } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import { readProject } from '../projects/open-project.ts';
import { copyWeights, findWeights, initialWeightsFile, readInitialWeights } from '../runs/initial-weights.ts';
import {
  checkpointsFolder,
  picturesFolder,
  predictionsFolder,
  readRunProject,
  runFolder,
  saidFolder,
} from '../runs/run-folder.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';
import { claimRun, createRun, discardRun } from '../runs/runs.ts';
import { planProject } from './plan-project.ts';
import { supervise } from './supervise.ts';
import type { SupervisedTraining, TrainingListener } from './supervise.ts';

export interface TrainSettings {
  readonly device: string;
  readonly threads?: number;
  /** Told while data of one's own are read. */
  readonly onProgress?: OnProgress;
  /** The run whose weights a new one begins with, where names and shapes are the same. */
  readonly from?: string;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
}

export interface Training extends SupervisedTraining {
  readonly run: string;
}

/** Makes a run of a project and begins to train it. A run that the engine refuses to begin leaves nothing behind. */
export async function startTraining(
  index: RunIndex,
  project: Project,
  settings: TrainSettings,
  listener: TrainingListener,
): Promise<Training> {
  const seed = project.recipe.seed ?? randomInt(2 ** 31);
  const decided: Project = { ...project, recipe: { ...project.recipe, seed } };
  const { plan } = await planProject(decided, { ...settings, seed });
  const weights = settings.from === undefined ? null : await findWeights(settings.from);
  const run = await createRun(index, {
    project: project.name,
    projectText: `${JSON.stringify(decided, null, 2)}\n`,
    seed,
    epochs: project.recipe.epochs,
    threads: plan.threads,
    device: settings.device,
  });
  if (weights !== null) {
    await copyWeights(run, weights).catch(async (error: unknown) => {
      await discardRun(index, run);
      throw error;
    });
  }
  const job = await jobOf(run, decided, plan, settings.device);
  const supervised = supervise(index, job, listener, settings.openEngine?.());
  const result = supervised.result.catch(async (error: unknown) => {
    if (!supervised.hasStarted()) await discardRun(index, run);
    throw error;
  });
  return { ...supervised, result, run };
}

/** Goes on with a run from its last checkpoint, or from its beginning where it has none. */
export async function resumeTraining(
  index: RunIndex,
  row: RunRow,
  settings: Partial<TrainSettings>,
  listener: TrainingListener,
): Promise<Training> {
  if (row.status === 'finished') {
    fail('badUsage', `The run ${row.id} has finished all its ${row.epochs} epochs.`, { at: row.id });
  }
  const project = readProject(await readRunProject(row.id), runFolder(row.id));
  const { plan } = await planProject(project, { threads: settings.threads ?? row.threads, seed: row.seed });
  await claimRun(index, row.id);
  const job = await jobOf(row.id, project, plan, settings.device ?? row.device);
  return { ...supervise(index, job, listener, settings.openEngine?.()), run: row.id };
}

async function jobOf(run: string, project: Project, plan: TrainingJob['plan'], device: string): Promise<TrainingJob> {
  const weights = await readInitialWeights(run);
  const { schedule, epochs } = project.recipe;
  return {
    kind: 'train',
    run,
    project: project.name,
    plan,
    device,
    schedule,
    epochs,
    averaging: averagingOf(project.recipe),
    checkpoints: checkpointsFolder(run),
    pictures: picturesFolder(run),
    predictions: predictionsFolder(run),
    said: saidFolder(run),
    discriminatorSchedule:
      project.recipe.kind === 'adversarial' ? (project.recipe.discriminatorSchedule ?? null) : null,
    earlyStopping: project.recipe.kind === 'supervised' ? (project.recipe.earlyStopping ?? null) : null,
    initialWeights: weights && { file: initialWeightsFile(run), from: weights.from },
  };
}
