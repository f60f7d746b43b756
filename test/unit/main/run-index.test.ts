import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import { identityOf, isAlive } from '../../../main/process-identity.ts';
import { checkpointsFolder } from '../../../main/runs/run-folder.ts';
import { makeRunId } from '../../../main/runs/run-id.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';
import type { Marker } from '../../../core/training/run-state.ts';
import type { EpochFinished } from '../../../core/training/events.ts';
import { renameRun } from '../../../main/runs/run-names.ts';
import { fittingRuns } from '../../../main/runs/fitting-runs.ts';
import type { Project } from '../../../core/project/project.ts';
import type { RememberedData } from '../../../main/runs/run-data.ts';
import { writeRunData } from '../../../main/runs/run-data.ts';
import { small } from '../../small-generator.ts';
import { smallDigits } from '../../small-digits.ts';
import { claimRun, createRun, deleteRun, findRun, listRuns } from '../../../main/runs/runs.ts';

const settings = { project: 'mnist-logit', projectText: '{}\n', seed: 1, epochs: 5, threads: 1, device: 'cpu' };

const split = { samples: 1, inputs: '', targets: '', sampleSum: 0 };
const arrays = { format: 'arrays', inputs: '/gone/inputs', targets: '/gone/targets' } as const;
const lettersData: RememberedData = {
  data: {
    ...{ source: '/gone/letters', settings: {}, inputShape: [2], values: { kind: 'floats' }, classNames: ['a', 'b'] },
    ...{ columnNames: [], targetNames: [], normalise: { kind: 'affine', scale: [1], offset: [0] } },
    ...{ train: split, test: split },
  },
  files: { train: arrays, test: arrays },
};

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  vi.stubEnv('TORCHWRIGHT_HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

function epoch(run: string, number: number): EpochFinished {
  return {
    event: 'epochFinished',
    run,
    epoch: number,
    epochs: 5,
    learningRate: 0.1,
    train: { loss: 1 / number, accuracy: 0.5 },
    test: { loss: 1 / number, accuracy: 0.5 + number / 100 },
    seconds: 1,
    imagesPerSecond: 1000,
  };
}

async function failureIn(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw new Error(`expected a failure, got ${String(error)}`);
  return error.failure;
}

/** Another process that makes a run and then stores epochs until it is killed. */
async function startWriter(): Promise<{ child: ChildProcess; run: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('run-writer.ts', import.meta.url))], {
    env: { ...process.env, TORCHWRIGHT_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, run: line.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('a process', () => {
  it('is told from a later one of the same number', async () => {
    const self = await identityOf(process.pid);
    expect(await isAlive(self)).toBe(true);
    expect(await isAlive({ ...self, started: `${self.started}0` })).toBe(false);
    expect(await isAlive({ ...self, host: 'elsewhere' })).toBeNull();
  });
});

describe('the index of runs', () => {
  it('keeps runs, epochs and batch losses', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    index.epochs.add(epoch(run, 1));
    index.epochs.add(epoch(run, 2));
    const losses = Float32Array.from([2.5, 1.25, 0.5]);
    index.metrics.addBatchLosses(run, 2, losses);
    index.close();

    const again = await RunIndex.open();
    expect(again.epochs.of(run)).toEqual([epoch(run, 1), epoch(run, 2)]);
    expect(again.metrics.batchLosses(run, 2)).toEqual(losses);
    expect(again.metrics.batchLosses(run, 1)).toBeNull();
    expect(await again.get(run)).toMatchObject({ status: 'running', epochsDone: 2, testAccuracy: 0.52, seed: 1 });
    again.close();
  });

  it('is found by its status in the word that users read', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    index.ended(run, 'interrupted', {});
    const found = async (search: string) => (await index.find({ search, offset: 0, limit: 9 })).total;
    expect([await found('stopped'), await found('Stopped'), await found('interrupted')]).toEqual([1, 1, 0]);
    index.close();
  });

  it('finds runs of the same classes, and none that trains a generator or whose classes are not known', async () => {
    const index = await RunIndex.open();
    const make = (project: Project) => createRun(index, { ...settings, projectText: JSON.stringify(project) });
    const digits = await make(smallDigits);
    await make({ ...smallDigits, data: { ...smallDigits.data, source: '/gone/digits' } });
    await make(small);
    const own = await make({ ...smallDigits, data: { ...smallDigits.data, source: '/gone/letters' } });
    await writeRunData(own, lettersData);
    const ids = async (...classNames: string[]) =>
      (await fittingRuns(index, { classNames, limit: 9 })).map(({ id }) => id);
    expect(await ids('a', 'b')).toEqual([own]);
    expect(await ids('b', 'a')).toEqual([]);
    expect(await ids(...Array.from({ length: 10 }, (_, digit) => String(digit)))).toEqual([digits]);
    index.close();
  });

  it('tells a paused run from one that is trained, and lets nobody take or delete it', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    const mark = (kind: Marker['kind'], time: number) => {
      index.metrics.addMarker(run, { kind, time, step: 3, epoch: 0.5, changes: null });
    };
    const status = async () => (await index.get(run))?.status;
    mark('started', 1);
    mark('paused', 2);
    expect(await status()).toBe('paused');
    expect((await index.find({ search: 'paused', offset: 0, limit: 9 })).total).toBe(1);
    const sort = { by: 'status', descending: true } as const;
    expect((await index.find({ sort, offset: 0, limit: 9 })).runs.map(({ id }) => id)).toEqual([run]);
    const paused = (await index.get(run))!;
    expect(await failureIn(deleteRun(index, paused))).toMatchObject({ code: 'inUse' });
    mark('settingsChanged', 3);
    mark('continued', 3);
    expect(await status()).toBe('running');
    mark('paused', 4);
    index.ended(run, 'interrupted');
    expect(await status()).toBe('interrupted');
    index.close();
  });

  it('forgets the epochs that a run resumed from an earlier checkpoint trains again', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    for (const number of [1, 2, 3]) index.epochs.add(epoch(run, number));
    index.epochs.replace(run, [epoch(run, 1), epoch(run, 2)]);
    expect(index.epochs.of(run).map((stored) => stored.epoch)).toEqual([1, 2]);
    index.close();
  });

  it('finds a run by its id, by a beginning that only it has, and as the last', async () => {
    const index = await RunIndex.open();
    const first = await createRun(index, settings);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await createRun(index, { ...settings, project: 'Mein Netz №2' });
    expect(second).toMatch(/^mein-netz-2-\d{8}-\d{6}-[a-z0-9]{3}$/);
    expect((await findRun(index, first)).id).toBe(first);
    expect((await findRun(index, 'mein')).id).toBe(second);
    expect((await findRun(index, 'last')).id).toBe(second);
    await createRun(index, settings);
    expect((await failureIn(findRun(index, 'mnist-logit'))).message).toContain('2 runs');
    expect(await failureIn(findRun(index, '../etc'))).toMatchObject({ code: 'notFound' });
    index.close();
  });

  it('gives runs short names that can be changed and stay with the run', async () => {
    const index = await RunIndex.open();
    const made = async (project: string) => createRun(index, { ...settings, project });
    const [first, second, other] = [await made('mnist-logit'), await made('mnist-logit'), await made('mnist')];
    const nameOf = async (id: string) => (await findRun(index, id)).name;
    expect(await Promise.all([first, second, other].map(nameOf))).toEqual([
      'mnist-logit-1',
      'mnist-logit-2',
      'mnist-1',
    ]);
    expect(await renameRun(index, await findRun(index, 'mnist-logit-2'), ' wide,  no dropout ')).toBe(
      'wide, no dropout',
    );
    expect((await findRun(index, 'wide, no dropout')).id).toBe(second);
    expect((await index.find({ search: 'no dropout', offset: 0, limit: 9 })).runs.map(({ id }) => id)).toEqual([
      second,
    ]);
    expect((await index.find({ project: 'mnist', offset: 0, limit: 9 })).runs.map(({ id }) => id)).toEqual([other]);
    expect((await index.find({ search: 'no', project: 'mnist', offset: 0, limit: 9 })).total).toBe(0);
    for (const refused of ['', ' ', 'last', '-x', 'a/b', 'mnist-1', first, 'x'.repeat(61), 'a\u0000b']) {
      expect(await failureIn(renameRun(index, await findRun(index, second), refused))).toMatchObject({
        code: 'badUsage',
      });
    }
    index.close();
    // The index is lost: the folders know the name that was given.
    for (const end of ['', '-wal', '-shm']) await rm(path.join(home, `runs.sqlite${end}`), { force: true });
    const fresh = await RunIndex.open();
    const names = new Map((await listRuns(fresh)).map(({ id, name }) => [id, name]));
    expect(names.get(second)).toBe('wide, no dropout');
    expect(new Set(names.values()).size).toBe(3);
    fresh.close();
  });

  it('names the runs that an older version made', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    index.close();
    const Sqlite = createRequire(import.meta.url)('libsql') as typeof Database;
    const database = new Sqlite(path.join(home, 'runs.sqlite'));
    database.exec("UPDATE runs SET name = ''");
    database.close();
    const again = await RunIndex.open();
    expect((await findRun(again, run)).name).toBe('mnist-logit-1');
    again.close();
  });

  it('refuses a file of a newer version in a sentence', async () => {
    (await RunIndex.open()).close();
    const Sqlite = createRequire(import.meta.url)('libsql') as typeof Database;
    const database = new Sqlite(path.join(home, 'runs.sqlite'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    const failure = await failureIn(RunIndex.open());
    expect(failure.message).toContain('newer Torchwright');
  });

  it('says which file is damaged, and has the runs again once it is moved away', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    index.close();
    const file = path.join(home, 'runs.sqlite');
    for (const end of ['-wal', '-shm']) await rm(file + end, { force: true });
    await writeFile(file, 'no database '.repeat(1000));
    expect((await failureIn(RunIndex.open())).message).toContain(file);
    await rm(file);
    const fresh = await RunIndex.open();
    expect((await listRuns(fresh)).map(({ id }) => id)).toEqual([run]);
    fresh.close();
  });

  it('deletes a run whole, but not one at work', async () => {
    const index = await RunIndex.open();
    const run = await createRun(index, settings);
    expect(await failureIn(deleteRun(index, await findRun(index, run)))).toMatchObject({ code: 'inUse' });
    index.ended(run, 'finished');
    await deleteRun(index, await findRun(index, run));
    expect(await listRuns(index)).toEqual([]);
    expect(await readdir(path.join(home, 'runs'))).toEqual([]);
    index.close();
  });
});

describe('several processes', () => {
  it('open, make runs and store at once without losing any', async () => {
    const writers = await Promise.all([startWriter(), startWriter(), startWriter(), startWriter()]);
    const index = await RunIndex.open();
    try {
      const runs = await listRuns(index);
      expect(runs.map(({ id }) => id).sort()).toEqual(writers.map(({ run }) => run).sort());
      expect(runs.every(({ status }) => status === 'running')).toBe(true);
    } finally {
      await Promise.all(writers.map(({ child }) => kill(child)));
      index.close();
    }
  });

  it('killed while writing leaves a sound index and an interrupted run that another takes over', async () => {
    const { child, run } = await startWriter();
    const index = await RunIndex.open();
    await expect.poll(() => index.epochs.of(run).length).toBeGreaterThan(3);
    expect(await failureIn(claimRun(index, run))).toMatchObject({ code: 'inUse' });
    await kill(child);
    const found = await findRun(index, run);
    expect(found.status).toBe('interrupted');
    expect(found.epochsDone).toBeGreaterThan(0);
    expect(index.epochs.of(run).map((stored) => stored.epoch)).toEqual(
      Array.from({ length: found.epochsDone }, (_, k) => k + 1),
    );
    await claimRun(index, run);
    expect((await findRun(index, run)).status).toBe('running');
    index.close();
  });
});

it('the record beside the project says what the run was', async () => {
  const index = await RunIndex.open();
  const run = await createRun(index, settings);
  index.close();
  const record: unknown = JSON.parse(await readFile(path.join(home, 'runs', run, 'run.json'), 'utf8'));
  expect(record).toMatchObject({ format: 'torchwright-run', version: 1, id: run, seed: 1, status: 'running' });
});

it('ids are readable, sort by time and hold no path', () => {
  const id = makeRunId('../../Évil/name', new Date(2026, 10, 21, 10, 15, 0));
  expect(makeRunId('Größe', new Date())).toMatch(/^grosse-\d/);
  expect(id).toMatch(/^evil-name-20261121-101500-[a-z0-9]{3}$/);
});

it('has the figures of the best checkpoint for the best, whatever chose it', async () => {
  const index = await RunIndex.open();
  const run = await createRun(index, settings);
  const judged = (number: number, accuracy: number) => ({ ...epoch(run, number), test: { loss: 1, accuracy } });
  index.epochs.add(judged(1, 0.9));
  expect(await index.get(run)).toMatchObject({ bestTestAccuracy: 0.9 });
  index.epochs.setBest(run, 1);
  index.epochs.add(judged(2, 0.6));
  index.epochs.setBest(run, 2);
  index.epochs.add(judged(3, 0.7));
  expect(await index.get(run)).toMatchObject({ bestTestAccuracy: 0.6, testAccuracy: 0.7 });
});

it('finds the best checkpoint of a run that an older version indexed', async () => {
  const index = await RunIndex.open();
  const run = await createRun(index, settings);
  const judged = (number: number, accuracy: number) => ({ ...epoch(run, number), test: { loss: 1, accuracy } });
  index.epochs.add(judged(1, 0.9));
  index.epochs.add(judged(2, 0.6));
  index.close();
  const folder = checkpointsFolder(run);
  const best = { directory: 'epoch-2', epoch: 2, step: 0, testAccuracy: 0.6 };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'index.json'), JSON.stringify({ version: 1, last: best, best }));
  expect(await (await RunIndex.open()).get(run)).toMatchObject({ bestTestAccuracy: 0.6 });
});

it('keeps what the averaged weights came to, and counts them for the best', async () => {
  const index = await RunIndex.open();
  const run = await createRun(index, settings);
  const averaged = { loss: 0.2, accuracy: 0.9 };
  const epochs = [
    epoch(run, 1),
    { ...epoch(run, 2), averaged },
    { ...epoch(run, 3), averaged: { loss: 0.3, accuracy: 0.8 } },
  ];
  for (const finished of epochs) index.epochs.add(finished);
  expect(index.epochs.of(run)).toEqual(epochs);
  expect(await index.get(run)).toMatchObject({ testAccuracy: 0.53, averagedAccuracy: 0.8, bestTestAccuracy: 0.9 });
  index.close();
});

it('stores an epoch without a single number', async () => {
  const index = await RunIndex.open();
  const run = await createRun(index, settings);
  const lost = { ...epoch(run, 1), train: { loss: NaN }, test: { loss: NaN } };
  index.epochs.add(lost);
  expect(index.epochs.of(run)).toEqual([lost]);
  index.close();
});

it('a home that is removed or replaced while it is open is noticed, and one that comes back is used again', async () => {
  const index = await RunIndex.open();
  const run = await createRun(index, settings);
  const away = `${home}-away`;
  await rename(home, away);
  const removed = { failure: { code: 'notFound', at: path.join(home, 'runs.sqlite') } };
  const refusal = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  expect(refusal(() => index.epochs.add(epoch(run, 1)))).toMatchObject(removed);
  await mkdir(home);
  await writeFile(path.join(home, 'runs.sqlite'), '');
  expect(refusal(() => index.epochs.add(epoch(run, 1)))).toMatchObject(removed);
  await rm(home, { recursive: true });
  await rename(away, home);
  index.epochs.add(epoch(run, 1));
  expect((await index.get(run))?.epochsDone).toBe(1);
  index.close();
});
