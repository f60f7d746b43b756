import path from 'node:path';
import type { Failure } from '../../core/failure.ts';
import type { RunQuery, RunStatus, RunUpdate } from '../../core/contract/runs.ts';
import type { EpochFinished, LossAndAccuracy, RunStarted } from '../../core/training/events.ts';
import { makeFolder } from '../files.ts';
import { homeFolder } from '../paths.ts';
import { isAlive } from '../process-identity.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { RunDatabase } from './database.ts';
import { RunMetrics } from './run-metrics.ts';
import { orderOf, restriction } from './run-query.ts';

export type { RunStatus } from '../../core/contract/runs.ts';

export interface RunRow {
  readonly id: string;
  readonly project: string;
  readonly created: number;
  /** A run said to be running whose processes are gone was interrupted. */
  readonly status: RunStatus;
  readonly owners: readonly ProcessIdentity[];
  readonly seed: number;
  readonly epochs: number;
  readonly threads: number;
  /** As asked for (`auto`) until the engine has begun, then its own name for it. */
  readonly device: string;
  readonly deviceName: string | null;
  readonly parameters: number | null;
  readonly trainSamples: number | null;
  readonly testSamples: number | null;
  readonly stepsPerEpoch: number | null;
  readonly tags: readonly string[];
  readonly note: string;
  readonly isStarred: boolean;
  readonly seconds: number | null;
  readonly failure: Failure | null;
  /** Whole epochs done, with the figures of the last and the best of them. */
  readonly epochsDone: number;
  readonly testAccuracy: number | null;
  /** By the averaged weights. */
  readonly averagedAccuracy: number | null;
  readonly bestTestAccuracy: number | null;
  /** Root mean square; of a regression, which has no accuracy. */
  readonly testError: number | null;
  readonly bestTestError: number | null;
}

export type NewRun = Pick<RunRow, 'id' | 'project' | 'created' | 'seed' | 'epochs' | 'threads' | 'device'> & {
  readonly status: RunStatus;
  readonly owner: ProcessIdentity;
};

/** A process on another machine is taken for dead when it has been silent for this long, in milliseconds. */
const silence = 60_000;

/** The rows of all runs and their metrics. Many processes may use it at once. */
export class RunIndex {
  readonly #database: RunDatabase;
  readonly metrics: RunMetrics;

  private constructor(database: RunDatabase) {
    this.#database = database;
    this.metrics = new RunMetrics(database);
  }

  static async open(): Promise<RunIndex> {
    await makeFolder(homeFolder());
    return new RunIndex(await RunDatabase.open(path.join(homeFolder(), 'runs.sqlite')));
  }

  close(): void {
    this.#database.close();
  }

  insert(run: NewRun): void {
    this.#database.run(
      `INSERT INTO runs (id, project, created, status, owners, heartbeat, seed, epochs, threads, device)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      [
        run.id,
        run.project,
        run.created,
        run.status,
        JSON.stringify([run.owner]),
        Date.now(),
        run.seed,
        run.epochs,
        run.threads,
        run.device,
      ],
    );
  }

  /** Newest first. */
  async list(): Promise<RunRow[]> {
    const rows = this.#database.all(`${selectRuns} ORDER BY created DESC, id DESC`);
    return Promise.all(rows.map(runRow));
  }

  /** One page of those that a query finds, and how many it finds. */
  async find(query: RunQuery): Promise<{ readonly total: number; readonly runs: RunRow[] }> {
    const { condition, values } = restriction(query);
    const total = Number(
      this.#database.all(`SELECT count(*) AS total FROM runs WHERE ${condition}`, values)[0]?.['total'],
    );
    const rows = this.#database.all(`${selectRuns} WHERE ${condition} ORDER BY ${orderOf(query)} LIMIT ? OFFSET ?`, [
      ...values,
      query.limit,
      query.offset,
    ]);
    return { total, runs: await Promise.all(rows.map(runRow)) };
  }

  update({ run, tags, note, isStarred }: RunUpdate): void {
    this.#database.run(
      'UPDATE runs SET tags = coalesce(?, tags), note = coalesce(?, note), starred = coalesce(?, starred) WHERE id = ?',
      [tags ? JSON.stringify(tags) : null, note ?? null, isStarred === undefined ? null : Number(isStarred), run],
    );
  }

  setEpochs(id: string, epochs: number): void {
    this.#database.run('UPDATE runs SET epochs = ? WHERE id = ?', [epochs, id]);
  }

  async get(id: string): Promise<RunRow | null> {
    const row = this.#database.all(`${selectRuns} WHERE id = ?`, [id])[0];
    return row ? runRow(row) : null;
  }

  /** Takes a run over from `previous` owners; false if another process was quicker. */
  claim(id: string, previous: readonly ProcessIdentity[], owner: ProcessIdentity): boolean {
    const changes = this.#database.run(
      `UPDATE runs SET status = 'running', owners = ?, heartbeat = ?, failure = NULL WHERE id = ? AND owners = ?`,
      [JSON.stringify([owner]), Date.now(), id, JSON.stringify(previous)],
    );
    return changes === 1;
  }

  setOwners(id: string, owners: readonly ProcessIdentity[]): void {
    this.#database.run('UPDATE runs SET owners = ? WHERE id = ?', [JSON.stringify(owners), id]);
  }

  beat(id: string): void {
    this.#database.run('UPDATE runs SET heartbeat = ? WHERE id = ?', [Date.now(), id]);
  }

  started(event: RunStarted): void {
    this.#database.run(
      `UPDATE runs SET device = ?, device_name = ?, threads = ?, parameters = ?, train_samples = ?, test_samples = ?,
         steps_per_epoch = ?, epochs = ? WHERE id = ?`,
      [
        event.device,
        event.deviceName,
        event.threads,
        event.parameters,
        event.trainSamples,
        event.testSamples,
        event.stepsPerEpoch,
        event.epochs,
        event.run,
      ],
    );
  }

  /** Replaces all epochs of a run by those its checkpoint has behind it: later ones will be trained again. */
  replaceEpochs(id: string, epochs: readonly EpochFinished[]): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM epochs WHERE run = ?', [id]);
      for (const epoch of epochs) this.#insertEpoch(epoch);
      this.#followEpochs(id);
    });
  }

  addEpoch(event: EpochFinished): void {
    this.#database.transaction(() => {
      this.#insertEpoch(event);
      this.#followEpochs(event.run);
    });
  }

  #insertEpoch(event: EpochFinished): void {
    this.#database.run(
      `INSERT OR REPLACE INTO epochs (run, epoch, learning_rate, train_loss, train_accuracy, test_loss, test_accuracy, averaged_loss, averaged_accuracy, seconds, images_per_second,
         train_absolute_error, train_square_error, test_absolute_error, test_square_error, averaged_absolute_error, averaged_square_error,
         train_generator_loss, test_generator_loss)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        event.run,
        event.epoch,
        event.learningRate,
        event.train.loss,
        event.train.accuracy ?? 0,
        event.test.loss,
        event.test.accuracy ?? 0,
        event.averaged?.loss ?? null,
        event.averaged?.accuracy ?? null,
        event.seconds,
        event.imagesPerSecond,
        ...errorColumns(event.train),
        ...errorColumns(event.test),
        ...errorColumns(event.averaged),
        event.train.generatorLoss ?? null,
        event.test.generatorLoss ?? null,
      ],
    );
  }

  #followEpochs(id: string): void {
    this.#database.run(
      `UPDATE runs SET
         epochs_done = (SELECT count(*) FROM epochs WHERE run = runs.id),
         test_accuracy = (SELECT iif(coalesce(test_square_error, test_generator_loss) IS NULL, test_accuracy, NULL) FROM epochs WHERE run = runs.id ORDER BY epoch DESC LIMIT 1),
         averaged_accuracy = (SELECT averaged_accuracy FROM epochs WHERE run = runs.id ORDER BY epoch DESC LIMIT 1),
         best_test_accuracy =
           (SELECT max(max(test_accuracy, coalesce(averaged_accuracy, 0))) FROM epochs WHERE run = runs.id AND coalesce(test_square_error, test_generator_loss) IS NULL),
         test_error = (SELECT test_square_error FROM epochs WHERE run = runs.id ORDER BY epoch DESC LIMIT 1),
         best_test_error =
           (SELECT min(min(test_square_error, coalesce(averaged_square_error, test_square_error))) FROM epochs WHERE run = runs.id)
       WHERE id = ?`,
      [id],
    );
  }

  addBatchLosses(id: string, epoch: number, losses: Float32Array): void {
    const bytes = new Uint8Array(losses.buffer, losses.byteOffset, losses.byteLength);
    this.#database.run('INSERT OR REPLACE INTO batch_losses (run, epoch, losses) VALUES (?, ?, ?)', [id, epoch, bytes]);
  }

  epochs(id: string): EpochFinished[] {
    const rows = this.#database.all(
      `SELECT e.*, r.epochs AS total FROM epochs e JOIN runs r ON r.id = e.run WHERE e.run = ? ORDER BY e.epoch`,
      [id],
    );
    return rows.map((row) => ({
      event: 'epochFinished',
      run: id,
      epoch: Number(row['epoch']),
      epochs: Number(row['total']),
      learningRate: Number(row['learning_rate']),
      train: figuresIn(row, 'train'),
      test: figuresIn(row, 'test'),
      ...averagedFigures(row),
      seconds: Number(row['seconds']),
      imagesPerSecond: Number(row['images_per_second']),
    }));
  }

  batchLosses(id: string, epoch: number): Float32Array | null {
    const row = this.#database.all('SELECT losses FROM batch_losses WHERE run = ? AND epoch = ?', [id, epoch])[0];
    return row ? new Float32Array(row['losses'] as ArrayBuffer) : null;
  }

  ended(id: string, status: RunStatus, rest: { readonly seconds?: number; readonly failure?: Failure } = {}): void {
    this.#database.run(`UPDATE runs SET status = ?, seconds = coalesce(?, seconds), failure = ? WHERE id = ?`, [
      status,
      rest.seconds ?? null,
      rest.failure ? JSON.stringify(rest.failure) : null,
      id,
    ]);
  }

  delete(id: string): void {
    this.#database.run('DELETE FROM runs WHERE id = ?', [id]);
  }
}

const selectRuns = 'SELECT * FROM runs';

function averagedFigures(row: Record<string, unknown>): Pick<EpochFinished, 'averaged'> {
  return row['averaged_loss'] === null ? {} : { averaged: figuresIn(row, 'averaged') };
}

function figuresIn(row: Record<string, unknown>, of: 'train' | 'test' | 'averaged'): LossAndAccuracy {
  const loss = Number(row[`${of}_loss`]);
  const generatorLoss = row[`${of}_generator_loss`] ?? null;
  if (generatorLoss !== null) return { loss, accuracy: null, generatorLoss: Number(generatorLoss) };
  const square = row[`${of}_square_error`];
  if (square === null) return { loss, accuracy: Number(row[`${of}_accuracy`]) };
  const errors = { meanAbsolute: Number(row[`${of}_absolute_error`]), rootMeanSquare: Number(square) };
  return { loss, accuracy: null, errors };
}

function errorColumns(figures: LossAndAccuracy | undefined): readonly [number | null, number | null] {
  return [figures?.errors?.meanAbsolute ?? null, figures?.errors?.rootMeanSquare ?? null];
}

async function runRow(row: Record<string, unknown>): Promise<RunRow> {
  const owners = JSON.parse(String(row['owners'])) as ProcessIdentity[];
  const status = row['status'] as RunStatus;
  const isLost = status === 'running' && !(await anyAlive(owners, Number(row['heartbeat'])));
  return {
    id: String(row['id']),
    project: String(row['project']),
    created: Number(row['created']),
    status: isLost ? 'interrupted' : status,
    owners,
    seed: Number(row['seed']),
    epochs: Number(row['epochs']),
    threads: Number(row['threads']),
    device: String(row['device']),
    deviceName: row['device_name'] as string | null,
    parameters: row['parameters'] as number | null,
    trainSamples: row['train_samples'] as number | null,
    testSamples: row['test_samples'] as number | null,
    stepsPerEpoch: row['steps_per_epoch'] as number | null,
    tags: JSON.parse(String(row['tags'])) as string[],
    note: String(row['note']),
    isStarred: row['starred'] === 1,
    seconds: row['seconds'] as number | null,
    failure: typeof row['failure'] === 'string' ? (JSON.parse(row['failure']) as Failure) : null,
    epochsDone: Number(row['epochs_done']),
    testAccuracy: row['test_accuracy'] as number | null,
    averagedAccuracy: row['averaged_accuracy'] as number | null,
    bestTestAccuracy: row['best_test_accuracy'] as number | null,
    testError: row['test_error'] as number | null,
    bestTestError: row['best_test_error'] as number | null,
  };
}

async function anyAlive(owners: readonly ProcessIdentity[], heartbeat: number): Promise<boolean> {
  for (const owner of owners) {
    if ((await isAlive(owner)) ?? Date.now() - heartbeat < silence) return true;
  }
  return false;
}
