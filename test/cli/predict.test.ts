import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLabels } from '../../main/datasets/read-labels.ts';
import { readPixels } from '../../main/datasets/read-pixels.ts';
import { ofCurrentCheckpoint } from '../../main/evaluation/current-checkpoint.ts';
import { lookedCheckpoint } from '../../main/evaluation/looked-checkpoint.ts';
import { Looks } from '../../main/evaluation/looks.ts';
import type { LookedCheckpoint } from '../../main/evaluation/looks.ts';
import { predictionsOfRun } from '../../main/evaluation/predictions-of-run.ts';
import type { KeptPredictions } from '../../main/evaluation/stored-predictions.ts';
import { RunIndex } from '../../main/runs/run-index.ts';
import { smallDigits } from '../small-digits.ts';
import { homeFolder, printed, run, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome('file');

let id: string;
let of: LookedCheckpoint;
let stored: KeptPredictions;
const looks = new Looks();
const digit = { kind: 'sample', index: 7 } as const;

beforeAll(async () => {
  const file = path.join(temporaryFolder(), 'digits.json');
  await writeFile(file, JSON.stringify(smallDigits));
  id = (await trainToEnd('train', file, '--threads', '1')).run;
  process.env['TORCHWRIGHT_HOME'] = homeFolder();
  // Where the open engines put their weights.
  process.env['TMPDIR'] = temporaryFolder();
  const index = await RunIndex.open();
  const row = (await index.get(id))!;
  of = await ofCurrentCheckpoint(row, 'last', (found) => lookedCheckpoint(row, { checkpoint: 'last' }, found));
  stored = (await predictionsOfRun(row, { checkpoint: 'last' })).predictions;
  index.close();
});

afterAll(() => looks.close());

function storedOf(index: number): readonly number[] {
  return [...stored.probabilities.subarray(index * 10, (index + 1) * 10)];
}

async function pictureOf(index: number): Promise<Uint8Array> {
  return (await readPixels(of.plan.data.test, of.plan.inputShape, Int32Array.of(index)))!;
}

function expectNear(found: Float32Array, expected: readonly number[]): void {
  for (const [label, probability] of expected.entries()) expect(found[label]).toBeCloseTo(probability, 4);
}

describe('an engine that stays open', () => {
  it('says of a test image, by its index or its pixels, what is stored with the run', async () => {
    const { probabilities } = await looks.ask(of, { kind: 'predict', subject: digit });
    expectNear(probabilities, storedOf(7));
    const pixels = { kind: 'pixels', pixels: await pictureOf(7) } as const;
    expectNear((await looks.ask(of, { kind: 'predict', subject: pixels })).probabilities, storedOf(7));
  });

  it('tells layers in their order, with maps for those that give pictures, and what each made', async () => {
    const { layers, saliency, target } = await looks.ask(of, { kind: 'explain', subject: digit });
    expect(layers.map(({ type, shape }) => [type, shape.join('×')])).toEqual([
      ['Conv2d', '8×8×8'],
      ['ReLU', '8×8×8'],
      ['Flatten', '512'],
      ['Linear', '32'],
      ['Tanh', '32'],
      ['Linear', '10'],
    ]);
    expect(layers.map(({ map }) => map?.shape)).toEqual([[8, 8], [8, 8], undefined, undefined, undefined, undefined]);
    expect(saliency).toHaveLength(784);
    expect(storedOf(7).indexOf(Math.max(...storedOf(7)))).toBe(target);
    const tanh = await looks.ask(of, { kind: 'activation', subject: digit, layer: 4 });
    expect(tanh.shape).toEqual([32]);
    expect([tanh.least, tanh.most]).toEqual([Math.min(...tanh.values), Math.max(...tanh.values)]);
    expect(tanh.most).toBeLessThanOrEqual(1);
    const other = (target + 1) % 10;
    const asked = await looks.ask(of, { kind: 'explain', subject: digit, target: other });
    expect(asked.target).toBe(other);
    expect(asked.saliency).not.toEqual(saliency);
  });

  it('finds training images that the last hidden layer sees alike, among more and more of them', async () => {
    const nearest = () => looks.ask(of, { kind: 'nearest', subject: digit, count: 8 });
    const first = await nearest();
    expect(first).toMatchObject({ features: 32, of: 60_000, most: 60_000 });
    expect(first.images).toHaveLength(8);
    await expect
      .poll(async () => (await nearest()).among, { timeout: 60_000, interval: 500 })
      .toBeGreaterThan(first.among);
    const { images } = await nearest();
    const distances = images.map(({ distance }) => distance);
    expect(distances).toEqual(distances.toSorted((one, other) => one - other));
    const indices = Int32Array.from(images, ({ index }) => index);
    expect(images.map(({ label }) => label)).toEqual([...(await readLabels(of.plan.data.train, indices))]);
    expect(images[0]!.pixels).toEqual(await readPixels(of.plan.data.train, of.plan.inputShape, indices.slice(0, 1)));
  });

  it('refuses with a sentence and stays', async () => {
    const pid = await looks.pid();
    const short = { kind: 'pixels', pixels: new Uint8Array(5) } as const;
    await expect(looks.ask(of, { kind: 'predict', subject: short })).rejects.toThrow(/5 bytes .*1 × 28 × 28/);
    await expect(looks.ask(of, { kind: 'explain', subject: digit, target: 10 })).rejects.toThrow(/each class/);
    expect(await looks.pid()).toBe(pid);
  });

  it('says that it crashed, and the next question opens another', async () => {
    const pid = (await looks.pid())!;
    process.kill(pid, 'SIGKILL');
    await expect(looks.ask(of, { kind: 'predict', subject: digit })).rejects.toThrow(/ended by signal SIGKILL/);
    expectNear((await looks.ask(of, { kind: 'predict', subject: digit })).probabilities, storedOf(7));
    expect(await looks.pid()).not.toBe(pid);
  });

  it('is opened once by all who ask at the same time', async () => {
    await looks.close();
    const asked = Array.from({ length: 3 }, () => looks.ask(of, { kind: 'predict', subject: digit }));
    const pids = await Promise.all(
      asked.map(async (answer) => {
        await answer;
        return looks.pid();
      }),
    );
    expect(new Set(pids).size).toBe(1);
    const opened = (await readdir(temporaryFolder())).filter((name) => name.startsWith('torchwright-look-'));
    expect(opened).toHaveLength(1);
  });

  it('gives way to another checkpoint, and leaves nothing behind when it has been idle', async () => {
    const short = new Looks({ patience: 200 });
    await short.ask(of, { kind: 'predict', subject: digit });
    const first = (await short.pid())!;
    await short.ask({ ...of, key: 'another' }, { kind: 'predict', subject: digit });
    const second = await short.pid();
    expect(second).not.toBe(first);
    expect(() => process.kill(first, 0)).toThrow();
    await expect.poll(() => short.pid(), { timeout: 30_000 }).toBeNull();
    await looks.close();
    const left = async () => (await readdir(temporaryFolder())).filter((name) => name.startsWith('torchwright-look-'));
    await expect.poll(left, { timeout: 30_000 }).toEqual([]);
  });
});

describe('torchwright predict', () => {
  async function fileOf(name: string, pixels: Uint8Array, side = 28): Promise<string> {
    const file = path.join(temporaryFolder(), name);
    const raw = { width: side, height: side, channels: 1 } as const;
    await writeFile(file, await sharp(Buffer.from(pixels), { raw }).png().toBuffer());
    return file;
  }

  it('says of picture files what the run says of the same test images', async () => {
    const files = [await fileOf('a.png', await pictureOf(7)), await fileOf('b.png', await pictureOf(0))];
    const ended = await run('predict', id, ...files, '--top', '10', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/^Checkpoint epoch-\d+, the last one/m);
    const told = printed(ended) as unknown as { file: string; classes: { class: string; probability: number }[] }[];
    expect(told.map(({ file }) => file)).toEqual(files);
    for (const [place, index] of [7, 0].entries()) {
      for (const { class: name, probability } of told[place]!.classes) {
        expect(probability).toBeCloseTo(storedOf(index)[Number(name)]!, 4);
      }
    }
  });

  it('centres a drawing, dark on light or light on dark', async () => {
    const ink = new Uint8Array(280 * 280);
    for (let y = 40; y < 240; y++) ink.fill(255, y * 280 + 30, y * 280 + 55);
    const files = [
      await fileOf('light.png', ink, 280),
      await fileOf(
        'dark.png',
        ink.map((value) => 255 - value),
        280,
      ),
    ];
    const ended = await run('predict', id, ...files, '--drawing', '--json');
    const told = printed(ended) as unknown as { classes: { class: string; probability: number }[] }[];
    expect(told[0]!.classes).toEqual(told[1]!.classes);
    expect(told[0]!.classes[0]!.class).toBe('1');
  });

  it.each([
    { file: 'nowhere.png', code: 'notFound' },
    { file: 'text.png', code: 'badData' },
  ])('refuses $file', async ({ file, code }) => {
    await writeFile(path.join(temporaryFolder(), 'text.png'), 'no picture');
    const at = path.join(temporaryFolder(), file);
    const ended = await run('predict', id, at, '--json');
    expect(ended.code).toBe(2);
    expect(printed(ended)[0]).toMatchObject({ event: 'error', error: { code, at } });
  });
});
