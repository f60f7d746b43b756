import { randomInt } from 'node:crypto';
import { FailureError } from '../../core/failure.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import type { Project } from '../../core/project/project.ts';
import { averagingOf } from '../../core/training/averaging.ts';
import { withPrecision } from '../../core/training/decide-precision.ts';
import type { PrecisionDecision } from '../../core/training/decide-precision.ts';
import { automaticPrecision, choiceFacts, decisionOf, explainMachine } from '../../core/training/explain-choices.ts';
import { withTargetsDecided } from '../../core/training/plan-targets.ts';
import { freshFrozenFailure, freshFrozenModules } from '../../core/weights/fresh-frozen.ts';
import type { OnProgress } from '../datasets/progress.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import type { TrainingJob } from '../engine/messages.ts';
import { removeTemporaries } from '../files.ts';
import type { DatasetFacts, ResumedData } from '../../core/training/run-data.ts';
import { projectOfRun } from '../evaluation/planned-run.ts';
import { copyWeights, findWeights } from '../runs/find-weights.ts';
import type { FoundWeights, WeightChoice } from '../runs/find-weights.ts';
import { initialWeightsFile, readInitialWeights } from '../runs/initial-weights.ts';
import {
  checkpointsFolder,
  picturesFolder,
  predictionsFolder,
  readRunRecord,
  runFolder,
  predictedClassesFolder,
} from '../runs/run-folder.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';
import { readSoundIndex, settleOnSoundCheckpoint } from '../runs/sound-checkpoint.ts';
import { claimRun, createRun, discardRun } from '../runs/runs.ts';
import { rememberData } from './data-of-run.ts';
import { dataToResume, rememberChanged } from './data-to-resume.ts';
import { defaultThreads } from '../threads.ts';
import { planInPrecision, precisionFor } from './precision-for.ts';
import { planProject, planWith } from './plan-project.ts';
import { lengthOfResumed, ofLength } from './run-length.ts';
import { supervise } from './supervise.ts';
import type { SupervisedListener, SupervisedTraining, TrainingListener } from './supervise.ts';

export interface TrainSettings {
  readonly device: string;
  readonly threads?: number;
  /** Told while data of one's own are read. */
  readonly onProgress?: OnProgress;
  /** The run or file whose weights a new run begins with, where names and shapes are the same. */
  readonly weights?: WeightChoice;
  /** Whether frozen modules may keep fresh weights, which no training changes. */
  readonly allowFreshFrozen?: boolean;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
}

export interface Training extends SupervisedTraining, Pick<DatasetFacts, 'classNames' | 'inputShape'> {
  readonly run: string;
}

export interface ResumeSettings extends Partial<TrainSettings> {
  /** How many the run is to have in all; absent: as many as before. More than a finished one has train it further. */
  readonly epochs?: number;
  /** Which data, where those of the project are not those that the run was trained on; absent: it is refused. */
  readonly resumedData?: ResumedData;
}

/** Makes a run of a project and begins to train it. A run that the engine refuses to begin leaves nothing behind. */
export async function startTraining(
  index: RunIndex,
  project: Project,
  settings: TrainSettings,
  listener: TrainingListener,
): Promise<Training> {
  const seed = project.recipe.seed ?? randomInt(2 ** 31);
  const seeded: Project = { ...project, recipe: { ...project.recipe, seed } };
  const planned = await planProject(seeded, { ...settings, seed });
  const { located } = planned;
  const precision = await precisionFor(seeded, planned.plan, settings);
  const decided = withPrecision(seeded, precision);
  const plan = planInPrecision(planned.plan, precision);
  const weights = await weightsFor(decided, plan.inputShape, settings);
  const run = await createRun(index, {
    project: project.name,
    projectText: `${JSON.stringify(withTargetsDecided(decided, plan.data), null, 2)}\n`,
    seed,
    epochs: project.recipe.epochs,
    threads: plan.threads,
    device: settings.device,
    ...(precision === null ? {} : { choices: [automaticPrecision(precision)] }),
  });
  try {
    await rememberData(run, decided, located);
    if (weights !== null) await copyWeights(run, weights);
  } catch (error) {
    await discardRun(index, run);
    throw error;
  }
  const job = await jobOf(run, decided, plan, settings.device, precision);
  const explain = await explainer(decided, plan.inputShape, settings.threads, precision);
  const supervised = supervise(index, job, { ...listener, explain }, settings.openEngine?.());
  const result = supervised.result.catch(async (error: unknown) => {
    if (!supervised.hasStarted()) await discardRun(index, run);
    throw error;
  });
  return { ...supervised, result, run, ...sampleFacts(located) };
}

/** Null: all weights are fresh. Throws a FailureError for frozen modules without weights that nobody asked for. */
async function weightsFor(
  project: Project,
  inputShape: readonly number[],
  { weights, allowFreshFrozen = false }: TrainSettings,
): Promise<FoundWeights | null> {
  const resolution = resolveProject(project, inputShape);
  if (!resolution.ok) throw new FailureError(resolution.failures[0]!);
  const found = weights === undefined ? null : await findWeights(weights, resolution.network);
  const fresh = freshFrozenModules(resolution.network, found?.report ?? null);
  if (fresh.length > 0 && !allowFreshFrozen) throw new FailureError(freshFrozenFailure(fresh, found?.from ?? null));
  return found;
}

/**
 * Resumes a run from its last checkpoint, or from its beginning where it has none. Throws a FailureError with the code
 * `dataChanged` where the data are no longer those that it was trained on.
 */
export async function resumeTraining(
  index: RunIndex,
  row: RunRow,
  settings: ResumeSettings,
  listener: TrainingListener,
): Promise<Training> {
  const epochs = lengthOfResumed(row, settings.epochs, settings.resumedData);
  const project = ofLength(await projectOfRun(row), epochs);
  const { data, files, changed, missingSource } = await dataToResume(row, project, settings.resumedData);
  const samples = changed === null ? {} : { trainSamples: data.train.samples };
  const planned = await planWith(
    project,
    { ...data, ...files, ...samples },
    { threads: settings.threads ?? row.threads, seed: row.seed },
  );
  const precision = decisionOf((await readRunRecord(row.id))?.choices ?? []);
  // Refused before the run is claimed if no checkpoint is sound.
  await readSoundIndex(checkpointsFolder(row.id));
  const claimed = await claimRun(index, row.id);
  let resumed: TrainingJob;
  try {
    await settleOnSoundCheckpoint(checkpointsFolder(row.id));
    if (changed !== null) await rememberChanged(row.id, { data, files, changed });
    await removeTemporaries(
      runFolder(row.id),
      predictionsFolder(row.id),
      predictedClassesFolder(row.id),
      picturesFolder(row.id),
    );
    resumed = await jobOf(row.id, project, planned.plan, settings.device ?? row.device, precision);
  } catch (error) {
    // Else it would count as in training as long as this process lives.
    const { status, failure } = claimed;
    index.ended(row.id, status, failure === null ? {} : { failure });
    throw error;
  }
  const isLonger = row.status === 'finished' || epochs !== row.epochs;
  const job = {
    ...resumed,
    epochsBefore: isLonger ? row.epochs : null,
    isDataChanged: changed !== null,
    missingSource,
  };
  const explain = await explainer(project, data.inputShape, settings.threads ?? row.threads, precision);
  const supervised = supervise(index, job, { ...listener, explain }, settings.openEngine?.());
  return { ...supervised, run: row.id, ...sampleFacts(data) };
}

async function explainer(
  project: Project,
  inputShape: readonly number[],
  threads: number | undefined,
  precision: PrecisionDecision | null,
): Promise<SupervisedListener['explain']> {
  const known = choiceFacts(project, inputShape, {
    threadsAsked: threads ?? null,
    threadsByDefault: await defaultThreads(),
    precision,
  });
  return (machine) => explainMachine(project, machine, known);
}

function sampleFacts({ classNames, inputShape }: DatasetFacts): Pick<Training, 'classNames' | 'inputShape'> {
  return { classNames, inputShape };
}

async function jobOf(
  run: string,
  project: Project,
  plan: TrainingJob['plan'],
  device: string,
  precision: PrecisionDecision | null,
): Promise<TrainingJob> {
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
    epochsBefore: null,
    isDataChanged: false,
    missingSource: null,
    averaging: averagingOf(project.recipe),
    precision,
    checkpoints: checkpointsFolder(run),
    pictures: picturesFolder(run),
    predictions: predictionsFolder(run),
    predictedClasses: predictedClassesFolder(run),
    discriminatorSchedule:
      project.recipe.kind === 'adversarial' ? (project.recipe.discriminatorSchedule ?? null) : null,
    earlyStopping: project.recipe.kind === 'supervised' ? (project.recipe.earlyStopping ?? null) : null,
    initialWeights: weights && {
      file: initialWeightsFile(run),
      from: weights.from,
      ...(weights.given === undefined ? {} : { given: weights.given }),
    },
  };
}
