import path from 'node:path';
import { testViews } from '../../core/training/test-views.ts';
import type { TestView } from '../../core/training/test-views.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { Weights } from '../engine/addon.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { usedWeights } from '../runs/checkpoint-index.ts';
import type { CheckpointIndex, CheckpointPosition } from '../runs/checkpoint-index.ts';
import { checkpointsFolder, predictionsFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { ofCurrentCheckpoint } from './current-checkpoint.ts';
import { plannedRun } from './planned-run.ts';
import { hasAveragedWeights, readPredictions, writePredictions } from './stored-predictions.ts';
import type { KeptPredictions, PredictionKey } from './stored-predictions.ts';

export interface PredictionChoice {
  readonly checkpoint: 'last' | 'best';
  /** Absent: those that are better on the test set. */
  readonly weights?: Weights;
  /** Absent: the test samples. */
  readonly split?: 'train' | 'test';
  /** Also average over at most so many views of each image, as many as the recipe's augmentation makes; absent: no. */
  readonly views?: number;
}

export interface PredictionSettings extends PredictionChoice {
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** Absent: what is kept, or else the device that the run was trained on. What another device says is not kept. */
  readonly device?: string;
  /** Leave the processor to whoever else wants it. */
  readonly isInBackground?: boolean;
}

export interface RunPredictions {
  readonly predictions: KeptPredictions;
  readonly checkpoint: CheckpointPosition;
  readonly weights: Weights;
  readonly hasAverage: boolean;
  /** What was averaged over, the plain view among them; 0: nothing. */
  readonly views: number;
}

/** What the network of a run's checkpoint says of every sample of a split: as it is kept, or by asking the engine. */
export function predictionsOfRun(run: RunRow, settings: PredictionSettings): Promise<RunPredictions> {
  return ofCurrentCheckpoint(run, settings.checkpoint, (index) => predictionsOfCheckpoint(run, index, settings));
}

async function predictionsOfCheckpoint(
  run: RunRow,
  index: CheckpointIndex,
  settings: PredictionSettings,
): Promise<RunPredictions> {
  const position = index[settings.checkpoint]!;
  const checkpoint = path.join(checkpointsFolder(run.id), position.directory);
  const hasAverage = await hasAveragedWeights(checkpoint);
  const weights = settings.weights ?? usedWeights(position, hasAverage);
  const views = settings.views === undefined ? [] : await viewsOf(run, settings.views);
  const { split = 'test' } = settings;
  const key = { folder: predictionsFolder(run.id), checkpoint, weights, split, views: views.length };
  const kept = settings.device === undefined ? await readPredictions(key) : null;
  const predictions = kept ?? (await predictOnce(run, index, key, views, settings));
  return { predictions, checkpoint: position, weights, hasAverage, views: views.length };
}

/** Under way; whoever asks for the same meanwhile waits for it. */
const underWay = new Map<string, Promise<KeptPredictions>>();

function predictOnce(
  run: RunRow,
  index: CheckpointIndex,
  key: PredictionKey,
  views: readonly TestView[],
  settings: PredictionSettings,
): Promise<KeptPredictions> {
  const name = JSON.stringify([key, settings.device]);
  const found = underWay.get(name);
  if (found !== undefined) return found;
  const predicted = predict(run, index, key, views, settings).finally(() => underWay.delete(name));
  underWay.set(name, predicted);
  return predicted;
}

async function predict(
  run: RunRow,
  index: CheckpointIndex,
  key: PredictionKey,
  views: readonly TestView[],
  { openEngine, device, isInBackground = false }: PredictionSettings,
): Promise<KeptPredictions> {
  const { plan } = await plannedRun(run);
  const { checkpoint, weights, split = 'test' } = key;
  const job = { kind: 'predict', plan, device: device ?? run.device, checkpoint, weights, split, views } as const;
  const predictions = await runInEngine({ ...job, isInBackground }, undefined, openEngine?.()).result;
  if (device === undefined) {
    const current = [index.last.directory, ...(index.best === null ? [] : [index.best.directory])];
    await makeFolder(key.folder);
    await writePredictions(key, predictions, current);
  }
  return predictions;
}

async function viewsOf(run: RunRow, most: number): Promise<readonly TestView[]> {
  const { plan } = await plannedRun(run);
  const views = testViews(plan.data.augment).slice(0, most);
  if (views.length < 2) refuseViews(run.id);
  return views;
}

function refuseViews(run: string): never {
  return fail(
    'badUsage',
    `The recipe of ${run} neither crops nor flips its images, so there is only one view of each test image.`,
    {
      at: run,
      advice: 'Test-time augmentation averages over the augmentation of the training images (data.augment).',
    },
  );
}
