// `node test/cases/stored-runs/write.ts FOLDER`: a home folder with small runs of every kind of training, as this version
// of Torchwright writes them, and expected.json with what this version reads from them. Stored folders are never written
// again: a later version gets a folder of its own.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'libsql';
import { emptyProject } from '../../../core/project/empty-project.ts';
import type { Project } from '../../../core/project/project.ts';
import type { TrainingEvent } from '../../../core/training/events.ts';
import { formatNpyHeader } from '../../../main/datasets/import/npy-header.ts';
import { predictionsOfRun } from '../../../main/evaluation/predictions-of-run.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';
import { findRun } from '../../../main/runs/runs.ts';
import { startTraining } from '../../../main/training/train-project.ts';
import type { Training } from '../../../main/training/train-project.ts';
import { readStoredRun } from './read.ts';

/** Projects name it as the place of their data. Nothing is there when the runs are opened: they have kept their data. */
const sources = path.join(tmpdir(), 'torchwright-stored-runs');
const to = path.resolve(process.argv[2]!);
const work = await mkdtemp(path.join(tmpdir(), 'torchwright-writing-'));
const home = path.join(work, 'home');
const gate = path.join(work, 'gate');
process.env['TORCHWRIGHT_HOME'] = home;
process.env['TORCHWRIGHT_CACHE'] = path.join(work, 'cache');
process.env['TORCHWRIGHT_STEP_GATE'] = gate;
await rm(sources, { recursive: true, force: true });
await mkdir(sources, { recursive: true });

/** One at a time; gates meet a training at a known step. */
async function writeRuns(): Promise<void> {
  await writeFlowers();
  await allow(8);
  const classifier = await start(classification, (event, training) => {
    if (event.event === 'step' && event.epoch === 2 && event.step === 2) training.post({ type: 'pause' });
    if (event.event === 'runPaused') {
      void allow(20).then(() => training.post({ type: 'continue', changes: { epochs: 5 } }));
    }
    if (event.event === 'step' && event.epoch === 4 && event.step === 2) training.stop();
  });
  await rm(gate);
  index.update({ run: classifier, tags: ['stored'], note: 'A note.', isStarred: true });
  await predictionsOfRun(await findRun(index, classifier), { checkpoint: 'best' });

  await writePrices();
  const regressor = await start(regression);
  await predictionsOfRun(await findRun(index, regressor), { checkpoint: 'best' });

  await writeDots();
  await start(adversarial);
}

async function start(
  project: Project,
  onEvent: (event: TrainingEvent, training: Training) => void = () => undefined,
): Promise<string> {
  const begun: { training?: Training } = {};
  const training = await startTraining(
    index,
    project,
    { device: 'cpu', threads: 1 },
    { onEvent: (event) => begun.training && onEvent(event, begun.training) },
  );
  begun.training = training;
  await training.result;
  return training.run;
}

async function allow(steps: number): Promise<void> {
  await writeFile(`${gate}.part`, String(steps));
  await rename(`${gate}.part`, gate);
}

/** What is said of the checkpoint whose predictions were kept; null: a generator's. */
async function evaluated(run: string, project: string): Promise<unknown> {
  if (project === 'dots') return null;
  const program = fileURLToPath(new URL('../../../main/cli/main.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'evaluate', run, '--checkpoint', 'best', '--json']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

/** Names of this machine and its processes. */
async function forgetThisMachine(): Promise<void> {
  const owner = { host: 'elsewhere', pid: 1, started: '1' };
  const database = new Database(path.join(home, 'runs.sqlite'));
  database.prepare('UPDATE runs SET owners = ?, device_name = ?').run([JSON.stringify([owner]), 'a processor']);
  database.exec('VACUUM');
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  for (const id of await readdir(path.join(home, 'runs'))) {
    const file = path.join(home, 'runs', id, 'run.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, `${JSON.stringify({ ...record, owner }, null, 2)}\n`);
  }
}

/** Between -1 and 1: the same wherever it is computed. */
function wave(index: number): number {
  return (((index * 7919) % 1000) / 1000) * 2 - 1;
}

async function writeFlowers(): Promise<void> {
  const kinds = ['rose', 'tulip', 'daisy'];
  const rows = Array.from({ length: 60 }, (_, row) => {
    const kind = row % 3;
    return [kind + 0.4 * wave(row), 2 - kind + 0.4 * wave(row + 100), wave(row + 200)].map((value) => value.toFixed(3));
  });
  const lines = rows.map((row, at) => [...row, kinds[at % 3]].join(','));
  await writeFile(path.join(sources, 'flowers.csv'), `length,width,height,kind\n${lines.join('\n')}\n`);
}

async function writePrices(): Promise<void> {
  const lines = Array.from({ length: 50 }, (_, row) => {
    const [size, age] = [100 + 50 * wave(row), 30 + 30 * wave(row + 300)];
    return [size.toFixed(1), age.toFixed(1), (2000 * size - 500 * age + 9000 * wave(row + 500)).toFixed(0)].join(',');
  });
  await writeFile(path.join(sources, 'prices.csv'), `size,age,price\n${lines.join('\n')}\n`);
}

/** A bright square in one of two corners. */
async function writeDots(): Promise<void> {
  const folder = path.join(sources, 'dots');
  await mkdir(folder);
  for (const [part, count] of [
    ['train', 24],
    ['test', 8],
  ] as const) {
    const pixels = new Uint8Array(count * 64);
    for (let image = 0; image < count; image++) {
      for (let pixel = 0; pixel < 64; pixel++) {
        const [row, column] = [pixel >> 3, pixel & 7];
        const isLit = image % 2 === 0 ? row < 3 && column < 3 : row > 4 && column > 4;
        pixels[image * 64 + pixel] = isLit ? 200 + ((image * 13) % 50) : 10;
      }
    }
    const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
    const header = (shape: readonly number[]): Uint8Array => formatNpyHeader('|u1', shape);
    await writeFile(path.join(folder, `${part}_images.npy`), Buffer.concat([header([count, 1, 8, 8]), pixels]));
    await writeFile(path.join(folder, `${part}_labels.npy`), Buffer.concat([header([count]), labels]));
  }
}

/** With everything that a run can have: averaged weights, two groups, a norm, a change on the way, an early end. */
const classification: Project = {
  ...emptyProject,
  name: 'flowers',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Linear', options: { out_features: 8 } },
        { type: 'BatchNorm1d' },
        { type: 'ReLU' },
        { type: 'Dropout', options: { p: 0.1 } },
        { type: 'Linear', options: { out_features: 3 } },
      ],
    },
  },
  data: { source: path.join(sources, 'flowers.csv'), import: { target: 'kind' }, normalise: { kind: 'zscore' } },
  recipe: {
    kind: 'supervised',
    loss: { type: 'CrossEntropy', labelSmoothing: 0.1 },
    optimizer: { type: 'AdamW', groups: [{ kinds: ['bias'], weightDecay: 0 }] },
    schedule: { type: 'Cosine', rate: 0.01, per: 'step', warmup: { steps: 3 } },
    batchSize: 8,
    epochs: 6,
    seed: 1,
    averaging: { kind: 'ema', decay: 0.9 },
    clip: { kind: 'norm', at: 1 },
  },
};

const regression: Project = {
  ...emptyProject,
  name: 'prices',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Linear', options: { out_features: 6 } },
        { type: 'Tanh' },
        { type: 'Linear', options: { out_features: 1 } },
      ],
    },
  },
  data: { source: path.join(sources, 'prices.csv'), import: { target: 'price' }, normalise: { kind: 'zscore' } },
  recipe: {
    kind: 'supervised',
    loss: { type: 'Huber' },
    optimizer: { type: 'SGD', momentum: 0.9 },
    schedule: { type: 'ReduceOnPlateau', rate: 0.05, patience: 0 },
    batchSize: 8,
    epochs: 3,
    seed: 2,
  },
};

const adversarial: Project = {
  ...emptyProject,
  name: 'dots',
  networks: {
    main: {
      type: 'Sequential',
      children: [
        { type: 'Linear', options: { out_features: 64 } },
        { type: 'Sigmoid' },
        { type: 'Reshape', options: { shape: [1, 8, 8] } },
      ],
    },
    discriminator: {
      type: 'Sequential',
      children: [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 1 } }],
    },
  },
  data: { source: path.join(sources, 'dots'), normalise: { kind: 'affine', scale: 1 / 255, offset: 0 } },
  recipe: {
    kind: 'adversarial',
    loss: { type: 'BCEWithLogits' },
    optimizer: { type: 'Adam', betas: [0.5, 0.999] },
    discriminatorSchedule: { type: 'Constant', rate: 0.001 },
    schedule: { type: 'Constant', rate: 0.002 },
    batchSize: 8,
    epochs: 2,
    seed: 3,
    noise: [4],
    realTargets: [0.8, 1],
  },
};

let index = await RunIndex.open();
try {
  await writeRuns();
  index.close();
  await forgetThisMachine();
  await rm(sources, { recursive: true, force: true });
  index = await RunIndex.open();
  const runs = [];
  for (const run of await index.list()) {
    runs.push({ ...(await readStoredRun(index, run)), evaluated: await evaluated(run.id, run.project) });
  }
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await writeFile(path.join(to, 'expected.json'), `${JSON.stringify(runs)}\n`);
} finally {
  index.close();
}
await cp(path.join(home, 'runs'), path.join(to, 'home', 'runs'), { recursive: true });
await cp(path.join(home, 'runs.sqlite'), path.join(to, 'home', 'runs.sqlite'));
await rm(work, { recursive: true, force: true });
