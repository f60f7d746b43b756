import path from 'node:path';
import type { Failure } from '../../core/failure.ts';
import type { RunQuery, RunStatus, RunUpdate, StoredRunStatus } from '../../core/contract/runs.ts';
import { splits } from '../../core/figures/figure.ts';
import type { Split } from '../../core/figures/figure.ts';
import { pick } from '../../core/figures/measured.ts';
import type { Measured } from '../../core/figures/measured.ts';
import { epochFigures } from '../../core/figures/of-epochs.ts';
import { runFigures } from '../../core/figures/of-runs.ts';
import type { RunFigures } from '../../core/figures/of-runs.ts';
import { snakeCase } from '../../core/snake-case.ts';
import type { EpochFinished, RunStarted } from '../../core/training/events.ts';
import { makeFolder } from '../files.ts';
import { homeFolder } from '../paths.ts';
import { isAlive } from '../process-identity.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { readCheckpointIndex } from './checkpoint-index.ts';
import { RunDatabase } from './database.ts';
import { checkpointsFolder } from './run-folder.ts';
import { RunMetrics } from './run-metrics.ts';
import { firstNameOf } from './run-names.ts';
import { orderOf, restriction, statusNow } from './run-query.ts';

export type { StoredRunStatus } from '../../core/contract/runs.ts';

export interface RunRow extends RunFigures {
  readonly id: string;
  /** Short and readable; no two runs have the same. */
  readonly name: string;
  readonly project: string;
  readonly created: number;
  /** A run said to be running or paused whose processes are gone was interrupted. */
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
  /** Whole epochs done. */
  readonly epochsDone: number;
}

export type NewRun = Pick<RunRow, 'id' | 'project' | 'created' | 'seed' | 'epochs' | 'threads' | 'device'> & {
  readonly status: StoredRunStatus;
  readonly owner: ProcessIdentity;
  /** Absent: made of the project's name and a number. */
  readonly name?: string;
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
    const index = new RunIndex(await RunDatabase.open(path.join(homeFolder(), 'runs.sqlite')));
    index.#nameNameless();
    await index.#findBest();
    return index;
  }

  /** Of runs of versions that did not keep it here, once: from the index of their checkpoints. 0: there is none. */
  async #findBest(): Promise<void> {
    for (const row of this.#database.all('SELECT id FROM runs WHERE best_epoch IS NULL AND epochs_done > 0')) {
      const id = String(row['id']);
      // One that is gone or damaged is reported to whoever uses it.
      const index = await readCheckpointIndex(checkpointsFolder(id)).catch(() => null);
      this.#database.run('UPDATE runs SET best_epoch = ? WHERE id = ? AND best_epoch IS NULL', [
        index?.best?.epoch ?? 0,
        id,
      ]);
      this.#followEpochs(id);
    }
  }

  close(): void {
    this.#database.close();
  }

  insert(run: NewRun): void {
    this.#database.run(
      `INSERT INTO runs (id, project, created, status, owners, heartbeat, seed, epochs, threads, device, name)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
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
        run.name ?? '',
      ],
    );
    this.#nameNameless();
  }

  /** Runs of an older version have no names yet. In a transaction, so that two processes give no name twice. */
  #nameNameless(): void {
    const isNameless = "name = ''";
    if (this.#database.all(`SELECT 1 FROM runs WHERE ${isNameless} LIMIT 1`).length === 0) return;
    this.#database.transaction(() => {
      const taken = new Set(this.#database.all('SELECT name FROM runs').map(({ name }) => String(name)));
      for (const { id } of this.#database.all(`SELECT id FROM runs WHERE ${isNameless} ORDER BY created, id`)) {
        const name = firstNameOf(String(id), taken);
        taken.add(name);
        this.#database.run('UPDATE runs SET name = ? WHERE id = ?', [name, String(id)]);
      }
    });
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

  update({ run, name, project, tags, note, isStarred }: RunUpdate): void {
    this.#database.run(
      `UPDATE runs SET name = coalesce(?, name), project = coalesce(?, project), tags = coalesce(?, tags), note = coalesce(?, note),
         starred = coalesce(?, starred) WHERE id = ?`,
      [
        name ?? null,
        project ?? null,
        tags ? JSON.stringify(tags) : null,
        note ?? null,
        isStarred === undefined ? null : Number(isStarred),
        run,
      ],
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

  /** The epoch whose weights are the best checkpoint, by whatever the recipe judges: its figures are the run's best. */
  setBest(id: string, epoch: number): void {
    this.#database.transaction(() => {
      this.#database.run('UPDATE runs SET best_epoch = ? WHERE id = ?', [epoch, id]);
      this.#followEpochs(id);
    });
  }

  #insertEpoch(event: EpochFinished): void {
    const { run, epoch } = event;
    this.#database.run(
      `INSERT OR REPLACE INTO epochs (run, epoch, learning_rate, seconds, images_per_second) VALUES (?, ?, ?, ?, ?)`,
      [run, epoch, event.learningRate, event.seconds, event.imagesPerSecond],
    );
    const rows = splits.flatMap((split) =>
      Object.entries(pick(event[split] ?? {}, epochFigures))
        .filter(([, value]) => !Number.isNaN(value))
        .map(([figure, value]) => [run, epoch, figure, split, value]),
    );
    // A training that left the numbers has an epoch without any.
    if (rows.length === 0) return;
    const places = rows.map(() => '(?, ?, ?, ?, ?)').join(', ');
    this.#database.run(`INSERT INTO epoch_figures (run, epoch, figure, split, value) VALUES ${places}`, rows.flat());
  }

  #followEpochs(id: string): void {
    const valueOf = ({ figure, of }: (typeof runFigures)[number]): string => {
      const values = `FROM epoch_figures WHERE run = runs.id AND figure = '${figure}'`;
      if (of !== 'best') {
        const last = '(SELECT max(epoch) FROM epochs WHERE run = runs.id)';
        return `(SELECT value ${values} AND split = '${of}' AND epoch = ${last})`;
      }
      const best = epochFigures.find(({ name }) => name === figure)?.better === 'higher' ? 'max' : 'min';
      const judged = `SELECT ${best}(value) ${values} AND split IN ('test', 'averaged')`;
      return `coalesce((${judged} AND epoch = runs.best_epoch), (${judged}))`;
    };
    const figures = runFigures.map((each) => `${snakeCase(each.name)} = ${valueOf(each)}`);
    this.#database.run(
      `UPDATE runs SET
         epochs_done = (SELECT count(*) FROM epochs WHERE run = runs.id),
         ${figures.join(',\n         ')}
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
    const figures = this.#figuresOfEpochs(id);
    return rows.map((row) => {
      const epoch = Number(row['epoch']);
      const { train, test, averaged } = figures.get(epoch) ?? {};
      return {
        event: 'epochFinished',
        run: id,
        epoch,
        epochs: Number(row['total']),
        learningRate: Number(row['learning_rate']),
        train: measured(train),
        test: measured(test),
        ...(averaged === undefined ? {} : { averaged: measured(averaged) }),
        seconds: Number(row['seconds']),
        imagesPerSecond: Number(row['images_per_second']),
      };
    });
  }

  /** Figures that this version does not know are left out. */
  #figuresOfEpochs(id: string): ReadonlyMap<number, StoredFigures> {
    const epochs = new Map<number, StoredFigures>();
    const rows = this.#database.all('SELECT epoch, figure, split, value FROM epoch_figures WHERE run = ?', [id]);
    for (const { epoch, figure, split, value } of rows) {
      const known = epochs.get(Number(epoch)) ?? {};
      epochs.set(Number(epoch), known);
      (known[split as Split] ??= {})[String(figure)] = value;
    }
    return epochs;
  }

  batchLosses(id: string, epoch: number): Float32Array | null {
    const row = this.#database.all('SELECT losses FROM batch_losses WHERE run = ? AND epoch = ?', [id, epoch])[0];
    return row ? new Float32Array(row['losses'] as ArrayBuffer) : null;
  }

  ended(
    id: string,
    status: StoredRunStatus,
    rest: { readonly seconds?: number; readonly failure?: Failure } = {},
  ): void {
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

const selectRuns = `SELECT *, ${statusNow} AS status_now FROM runs`;

type StoredFigures = Partial<Record<Split, Record<string, unknown>>>;

function measured(stored: Record<string, unknown> = {}): Measured {
  return { ...pick(stored, epochFigures), loss: Number(stored['loss']) };
}

async function runRow(row: Record<string, unknown>): Promise<RunRow> {
  const owners = JSON.parse(String(row['owners'])) as ProcessIdentity[];
  const status = row['status_now'] as RunStatus;
  const figures = Object.fromEntries(runFigures.map(({ name }) => [name, row[snakeCase(name)]])) as RunFigures;
  const isLost = isUnderWay(status) && !(await anyAlive(owners, Number(row['heartbeat'])));
  return {
    id: String(row['id']),
    name: String(row['name']),
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
    ...figures,
  };
}

/** Whether processes train it or hold it in memory. */
export function isUnderWay(status: RunStatus): status is 'running' | 'paused' {
  return status === 'running' || status === 'paused';
}

async function anyAlive(owners: readonly ProcessIdentity[], heartbeat: number): Promise<boolean> {
  for (const owner of owners) {
    if ((await isAlive(owner)) ?? Date.now() - heartbeat < silence) return true;
  }
  return false;
}
