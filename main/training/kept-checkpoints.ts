import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isThere } from '../datasets/check-files.ts';
import type { EngineSession, Predictions, Weights } from '../engine/addon.ts';
import type { TrainingJob } from '../engine/messages.ts';
import { writePredictions } from '../evaluation/stored-predictions.ts';
import { writeChecksums } from '../runs/checkpoint-checksums.ts';
import { readCheckpointIndex, writeCheckpointIndex } from '../runs/checkpoint-index.ts';
import type { CheckpointIndex } from '../runs/checkpoint-index.ts';
import { betterOf } from './figures-of-epoch.ts';
import { metadataText, readMetadata } from './checkpoint-metadata.ts';
import type { CheckpointMetadata } from './checkpoint-metadata.ts';

/** What both kinds of weights predict for the test set; nothing in the middle of an epoch, where nothing was evaluated. */
export type TestPredictionsByWeights = Partial<Record<Weights, Predictions>>;

export async function forEachWeights(
  all: TestPredictionsByWeights,
  keep: (weights: Weights, predictions: Predictions) => Promise<void>,
): Promise<void> {
  for (const weights of ['last', 'averaged'] as const) {
    const predictions = all[weights];
    if (predictions !== undefined) await keep(weights, predictions);
  }
}

/** Named by what lies behind it: whole epochs, and steps of the next. */
export function checkpointDirectory(epoch: number, step: number): string {
  return step === 0 ? `epoch-${epoch}` : `epoch-${epoch}-step-${step}`;
}

/** The checkpoints of a run under way: the last, the one before it and the best, and the index that names them. */
export class KeptCheckpoints {
  readonly #job: Pick<TrainingJob, 'checkpoints' | 'predictions'>;
  readonly #session: EngineSession;
  #index: CheckpointIndex | null = null;

  constructor(job: Pick<TrainingJob, 'checkpoints' | 'predictions'>, session: EngineSession) {
    this.#job = job;
    this.#session = session;
  }

  get last(): CheckpointIndex['last'] | null {
    return this.#index?.last ?? null;
  }

  /** Puts the session where the run's last checkpoint is; null: there is none. */
  async restore(isDataChanged: boolean): Promise<CheckpointMetadata | null> {
    this.#index = await readCheckpointIndex(this.#job.checkpoints);
    if (this.#index === null) return null;
    const directory = path.join(this.#job.checkpoints, this.#index.last.directory);
    const metadata = readMetadata(await this.#session.loadCheckpoint(directory), directory);
    // Also where it is killed before its next checkpoint, which would hold it: the data are remembered by then.
    if (isDataChanged) await this.note({ patienceFrom: metadata.epoch, comparableFrom: metadata.epoch });
    const { patienceFrom, comparableFrom } = this.#index;
    // A checkpoint that stands in for a damaged one may name a best one that was removed since.
    const { best } = metadata;
    const isKept = best === null || (await isThere(path.join(this.#job.checkpoints, best.directory)));
    return {
      ...metadata,
      best: isKept ? best : null,
      ...(patienceFrom === undefined ? {} : { patienceFrom }),
      ...(comparableFrom === undefined ? {} : { comparableFrom }),
    };
  }

  /** In the index, where there is one: until the next checkpoint, which holds it itself. */
  async note(what: Pick<CheckpointIndex, 'patienceFrom' | 'comparableFrom'>): Promise<void> {
    if (this.#index === null) return;
    this.#index = { ...this.#index, ...what };
    await writeCheckpointIndex(this.#job.checkpoints, this.#index);
  }

  /** Gives what was saved: nothing where the last checkpoint is of this very step. */
  async save(position: CheckpointMetadata, all: TestPredictionsByWeights): Promise<readonly ('last' | 'best')[]> {
    const { epoch, step, best } = position;
    const directory = checkpointDirectory(epoch, step);
    if (this.last?.directory === directory) return [];
    const target = path.join(this.#job.checkpoints, directory);
    // A process killed between writing a checkpoint and naming it in the index leaves one that nobody knows.
    await rm(target, { recursive: true, force: true });
    await this.#session.saveCheckpoint(target, metadataText(position));
    await writeChecksums(target);
    const previous = this.last === null ? {} : { previous: this.last };
    const kept = [directory, best?.directory ?? directory, previous.previous?.directory ?? directory];
    await forEachWeights(all, (weights, predictions) =>
      writePredictions({ folder: this.#job.predictions, checkpoint: target, weights, views: 0 }, predictions, kept),
    );
    const judged = step === 0 ? position.history.findLast((each) => each.epoch === epoch) : undefined;
    const last = { directory, epoch, step, ...(judged === undefined ? {} : betterOf(judged)) };
    this.#index = { version: 1, last, ...previous, best };
    await writeCheckpointIndex(this.#job.checkpoints, this.#index);
    return best?.directory === directory ? ['last', 'best'] : ['last'];
  }
}
