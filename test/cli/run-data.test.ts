// A run keeps what it was trained on: whatever becomes of the data, it answers as before.

import { cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { homeFolder, printed, run, start, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';
import { npyRows, openNpy } from '../../main/datasets/import/npy-file.ts';
import { plannedRun } from '../../main/evaluation/planned-run.ts';
import { RunIndex } from '../../main/runs/run-index.ts';

useTemporaryHome('file');

const cases = fileURLToPath(new URL('../cases', import.meta.url));
const cacheBefore = process.env['TORCHWRIGHT_CACHE'];
let id: string;
let answers: Answers;

interface Answers {
  readonly predicted: string;
  readonly evaluated: string;
  readonly mismatches: string;
  readonly exported: Buffer;
}

interface RememberedTargets {
  readonly data: {
    readonly targetStatistics: { readonly mean: readonly number[]; readonly std: readonly number[] };
    readonly train: { readonly samples: number };
  };
}

const pictures = (): string => path.join(temporaryFolder(), 'pictures');

beforeAll(async () => {
  process.env['TORCHWRIGHT_HOME'] = homeFolder();
  process.env['TORCHWRIGHT_CACHE'] = path.join(temporaryFolder(), 'cache');
  await restoreData();
  for (const name of ['cat', 'bird', 'dog']) {
    await cp(path.join(pictures(), name, '0.png'), path.join(temporaryFolder(), `${name}.png`));
  }
  const project = await writeProject('pictures', pictures(), 3, { epochs: 8, batchSize: 8 });
  id = (await trainToEnd('train', project, '--threads', '1')).run;
  answers = await ask();
});

afterAll(() => {
  if (cacheBefore === undefined) delete process.env['TORCHWRIGHT_CACHE'];
  else process.env['TORCHWRIGHT_CACHE'] = cacheBefore;
});

async function writeProject(name: string, source: string, classes: number, recipe: object): Promise<string> {
  const file = path.join(temporaryFolder(), `${name}.json`);
  const layers = name === 'pictures' ? [{ type: 'Flatten' }] : [];
  const children = [...layers, { type: 'Linear', options: { out_features: classes } }];
  await writeFile(
    file,
    JSON.stringify({
      format: 'torchwright-project',
      version: 1,
      name,
      networks: { main: { type: 'Sequential', children } },
      data: { source, normalise: { kind: 'zscore' } },
      recipe: {
        kind: 'supervised',
        loss: { type: 'CrossEntropy' },
        optimizer: { type: 'SGD' },
        schedule: { type: 'Constant', rate: 0.05 },
        seed: 0,
        ...recipe,
      },
    }),
  );
  return file;
}

async function restoreData(): Promise<void> {
  await rm(pictures(), { recursive: true, force: true });
  await cp(path.join(cases, 'data-changes'), pictures(), { recursive: true, preserveTimestamps: true });
}

/** All that a finished run is asked about, in the user's words and numbers. */
async function ask(): Promise<Answers> {
  const folder = temporaryFolder();
  const evaluated = await run('evaluate', id, '--json');
  const table = path.join(folder, 'mismatches.csv');
  const listed = await run('mismatches', id, '--out', table);
  await rm(path.join(folder, 'onnx'), { recursive: true, force: true });
  const written = await run('export', id, '--format', 'onnx', '--preprocess', '--out', path.join(folder, 'onnx'));
  for (const { code, stdout, stderr } of [evaluated, listed, written]) {
    if (code !== 0) throw new Error(stdout + stderr);
  }
  const model = (await readdir(path.join(folder, 'onnx'))).find((name) => name.endsWith('.onnx'))!;
  return {
    predicted: await predictions(),
    evaluated: evaluated.stdout,
    mismatches: await readFile(table, 'utf8'),
    exported: await readFile(path.join(folder, 'onnx', model)),
  };
}

async function predictions(): Promise<string> {
  const files = ['cat', 'bird', 'dog'].map((name) => path.join(temporaryFolder(), `${name}.png`));
  const { code, stdout, stderr } = await run('predict', id, ...files, '--json');
  if (code !== 0) throw new Error(stdout + stderr);
  return stdout;
}

async function picture(file: string, channels: 1 | 3, value: number): Promise<void> {
  const pixels = Buffer.alloc(64 * channels, value);
  await sharp(pixels, { raw: { width: 8, height: 8, channels } })
    .png()
    .toFile(file);
}

/** What becomes of the folder after the training. */
const changes: Readonly<Record<string, () => Promise<void>>> = {
  'more pictures of one class': async () => {
    for (let each = 0; each < 40; each++) await picture(path.join(pictures(), 'dog', `new-${each}.png`), 1, 200 + each);
  },
  'another name of a class': () => rename(path.join(pictures(), 'bird'), path.join(pictures(), 'zebra')),
  'a fourth class': async () => {
    await mkdir(path.join(pictures(), 'ant'));
    for (let each = 0; each < 10; each++) await picture(path.join(pictures(), 'ant', `${each}.png`), 1, each);
  },
  'a picture in colour': () => picture(path.join(pictures(), 'cat', 'colour.png'), 3, 90),
  'no folder': () => rm(pictures(), { recursive: true }),
};

describe('a finished run', () => {
  it('keeps classes, shape, normalisation and what stands for the content of its data', async () => {
    const kept: unknown = JSON.parse(await readFile(path.join(homeFolder(), 'runs', id, 'data.json'), 'utf8'));
    expect(kept).toMatchObject({
      data: {
        classNames: ['bird', 'cat', 'dog'],
        inputShape: [1, 8, 8],
        normalise: { kind: 'affine', scale: [expect.any(Number)], offset: [expect.any(Number)] },
        train: { samples: 48, inputs: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
        test: { samples: 12 },
      },
    });
  });

  it.each(Object.keys(changes))('is planned as it was trained: %s', async (change) => {
    const index = await RunIndex.open();
    const row = (await index.get(id))!;
    index.close();
    const before = await plannedRun(row);
    await restoreData();
    await changes[change]!();
    // The cache may be emptied at any time.
    await rm(path.join(temporaryFolder(), 'cache'), { recursive: true, force: true });
    expect(await plannedRun(row)).toEqual(before);
  });

  it('answers to the last digit as before when everything has changed, and when nothing is left', async () => {
    await restoreData();
    for (const name of Object.keys(changes)) if (name !== 'no folder') await changes[name]!();
    expect(await ask()).toEqual(answers);
    await changes['no folder']!();
    expect(await ask()).toEqual(answers);
  });
});

describe('a run of a version that kept nothing of its data', () => {
  const dataFile = (): string => path.join(homeFolder(), 'runs', id, 'data.json');
  const forget = async (): Promise<void> => {
    await rm(dataFile(), { force: true });
    await rm(path.join(homeFolder(), 'runs', id, 'data'), { recursive: true, force: true });
  };
  /** Copied files have new times, which an older run has reason to distrust. */
  const age = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await age(path.join(folder, entry.name));
      else await utimes(path.join(folder, entry.name), 1e9, 1e9);
    }
    await utimes(folder, 1e9, 1e9);
  };

  it('is completed from data that are still the same, and then needs them no more', async () => {
    await restoreData();
    await age(pictures());
    await forget();
    expect(await predictions()).toEqual(answers.predicted);
    await rm(pictures(), { recursive: true });
    expect(await predictions()).toEqual(answers.predicted);
  });

  it('says what it lacks where the data have changed', async () => {
    await restoreData();
    await age(pictures());
    await changes['another name of a class']!();
    await forget();
    const { code, stdout } = await run('predict', id, path.join(temporaryFolder(), 'cat.png'), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'dataChanged', at: pictures() } });
  });
});

describe('resuming', () => {
  const table = (): string => path.join(temporaryFolder(), 't.csv');

  async function interrupted(): Promise<string> {
    await cp(path.join(cases, 'resume-relabelled', 't.csv'), table());
    const project = await writeProject('rows', table(), 2, { epochs: 100_000, batchSize: 8 });
    const training = start('train', project, '--threads', '1', '--json');
    const step = await training.event(({ event }) => event === 'epochFinished');
    training.child.kill('SIGINT');
    expect((await training.ended).code).toBe(130);
    return (step as { readonly run: string }).run;
  }

  async function refusal(of: string, ...options: readonly string[]): Promise<unknown> {
    const { code, stdout } = await run('resume', of, '--json', ...options);
    expect(code).toBe(2);
    return (printed({ code, stdout, stderr: '' })[0] as { readonly error: unknown }).error;
  }

  it('refuses exchanged labels and more rows, goes on where the table is gone, and takes changed ones when told', async () => {
    const of = await interrupted();
    const text = await readFile(table(), 'utf8');
    const exchanged = text.replaceAll(/,(p|n)\b/g, (_, label: string) => (label === 'p' ? ',n' : ',p'));
    expect(exchanged).not.toBe(text);
    await writeFile(table(), exchanged);
    const message: unknown = expect.stringMatching(/samples are the same, but their labels/);
    expect(await refusal(of)).toMatchObject({ code: 'dataChanged', at: table(), message });

    await writeFile(table(), `${text.trimEnd()}\n${text.trimEnd().split('\n').at(-1)!}\n`);
    expect(await refusal(of)).toMatchObject({
      code: 'dataChanged',
      message: expect.stringMatching(/samples/) as unknown,
    });

    // What is advised does what was asked for.
    expect(await refusal(of, '--epochs', '100002')).toMatchObject({
      advice: expect.stringContaining(`resume ${of} --epochs 100002 --stored-data`) as unknown,
    });

    // The samples it was trained on are still with it.
    await goesOn(of, '--stored-data');
    expect(await refusal(of)).toMatchObject({ code: 'dataChanged', choices: ['stored', 'changed'] });

    await rm(table());
    await goesOn(of);

    await writeFile(table(), exchanged);
    await refusal(of);
    await refusedInTraining(of, text, exchanged);
    await goesOn(of, '--data-changed-anyway');
    // From now on those are its data.
    await goesOn(of);
  });

  it('keeps the scale of the targets of a regression on changed data', async () => {
    const file = path.join(temporaryFolder(), 'r.csv');
    const rows = (count: number): string =>
      Array.from({ length: count }, (_, row) => `${row % 7},${row % 5},${row * 1.5 + (row % 7)}`).join('\n');
    await writeFile(file, `a,b,price\n${rows(60)}\n`);
    const project = await writeProject('prices', file, 1, { epochs: 100_000, batchSize: 8, loss: { type: 'MSE' } });
    const training = start('train', project, '--threads', '1', '--json');
    const event = await training.event(({ event: name }) => name === 'epochFinished');
    training.child.kill('SIGINT');
    expect((await training.ended).code).toBe(130);
    const { run: of } = event as { readonly run: string };
    const remembered = async (): Promise<RememberedTargets> =>
      JSON.parse(await readFile(path.join(homeFolder(), 'runs', of, 'data.json'), 'utf8')) as RememberedTargets;
    const before = await remembered();
    await writeFile(file, `a,b,price\n${rows(90)}\n`);
    await goesOn(of, '--data-changed-anyway');
    const after = await remembered();
    expect(after.data.targetStatistics).toEqual(before.data.targetStatistics);
    expect(after.data.train.samples).toBeGreaterThan(before.data.train.samples);
    const numbers = async (name: string): Promise<readonly number[]> => {
      const values: number[] = [];
      const array = await openNpy(path.join(homeFolder(), 'runs', of, 'data', name));
      for await (const row of npyRows(array)) values.push(...row);
      return values;
    };
    const { mean, std } = before.data.targetStatistics;
    for (const split of ['train', 'test']) {
      const standard = await numbers(`${split}-standard-targets.npy`);
      const plain = await numbers(`${split}-targets.npy`);
      expect(standard).toHaveLength(plain.length);
      for (const [at, target] of plain.entries()) expect(standard[at]! * std[0]! + mean[0]!).toBeCloseTo(target, 3);
    }
    // The next time these are its data, and their scale is still the run's.
    await goesOn(of);
    expect(await remembered()).toEqual(after);
  });

  /** What a run in training remembers of its data stays, whatever is asked for beside it. */
  async function refusedInTraining(of: string, text: string, changed: string): Promise<void> {
    const remembered = path.join(homeFolder(), 'runs', of, 'data.json');
    await writeFile(table(), text);
    const training = start('resume', of, '--json');
    await training.event(({ event }) => event === 'epochFinished');
    const before = await readFile(remembered, 'utf8');
    await writeFile(table(), changed);
    const { stdout } = await run('resume', of, '--data-changed-anyway', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'inUse' } });
    expect(await readFile(remembered, 'utf8')).toBe(before);
    training.child.kill('SIGINT');
    expect((await training.ended).code).toBe(130);
  }

  async function goesOn(of: string, ...words: string[]): Promise<void> {
    const training = start('resume', of, '--json', ...words);
    await training.event(({ event }) => event === 'epochFinished');
    training.child.kill('SIGINT');
    expect((await training.ended).code).toBe(130);
  }
});
