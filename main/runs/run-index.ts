import path from 'node:path';
import type { Failure } from '../../core/failure.ts';
import type { RunQuery, RunStatus, RunUpdate, StoredRunStatus } from '../../core/contract/runs.ts';
import { runFigures } from '../../core/figures/of-runs.ts';
import type { RunFigures } from '../../core/figures/of-runs.ts';
import { snakeCase } from '../../core/snake-case.ts';
import type { RunStarted } from '../../core/training/events.ts';
import { makeFolder } from '../files.ts';
import { homeFolder } from '../paths.ts';
import { isAlive } from '../process-identity.ts';
import type { ProcessIdentity } from '../process-identity.ts';
import { RunDatabase } from './database.ts';
import { RunEpochs } from './run-epochs.ts';
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

/** The rows of all runs, their epochs and their metrics. Many processes may use it at once. */
export class RunIndex {
  readonly #database: RunDatabase;
  readonly epochs: RunEpochs;
  readonly metrics: RunMetrics;

  private constructor(database: RunDatabase) {
    this.#database = database;
    this.epochs = new RunEpochs(database);
    this.metrics = new RunMetrics(database);
  }

  static async open(): Promise<RunIndex> {
    await makeFolder(homeFolder());
    const index = new RunIndex(await RunDatabase.open(path.join(homeFolder(), 'runs.sqlite')));
    index.#nameNameless();
    await index.epochs.findBest();
    return index;
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
