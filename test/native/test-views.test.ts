import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Augment } from '../../core/project/project.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import { testViews } from '../../core/training/test-views.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { inputShapes, writeExcerpt } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const samples = 24;
const [channels, height, width] = inputShapes.cifar10 as [number, number, number];

/** The engine's average over views against the average of its own answers to images that are moved here. */
test.each(['zeros', 'reflect', 'replicate'] as const)('views with a border of %s', async (mode) => {
  const augment: Augment = { crop: { padding: 4, mode }, flip: { probability: 0.5 } };
  const views = testViews(augment);
  const plain = await writeExcerpt('cifar10', samples, folder());
  const averaged = await predict(
    plain,
    augment,
    Int32Array.from(views.flatMap((view) => [+view.isFlipped, view.shiftY, view.shiftX])),
  );

  const sum = new Float64Array(averaged.length);
  for (const [index, view] of views.entries()) {
    const moved = await writeMoved(
      plain,
      (y, x) => {
        const column = (view.isFlipped ? width - 1 - x : x) + view.shiftX;
        return [border(y + view.shiftY, height, mode), border(column, width, mode)];
      },
      `moved-${mode}-${index}.bin`,
    );
    for (const [place, probability] of (await predict(moved, {}, null)).entries()) sum[place]! += probability;
  }
  expect(averaged.length).toBe(samples * 10);
  expectClose(
    'means of the views',
    averaged,
    sum.map((value) => value / views.length),
    1e-5,
  );
});

test('one plain view is the prediction itself', async () => {
  const plain = await writeExcerpt('cifar10', samples, folder());
  expect(await predict(plain, {}, Int32Array.of(0, 0, 0))).toEqual(await predict(plain, {}, null));
});

/** Source position of one that may lie outside; null: black. */
function border(wanted: number, size: number, mode: 'zeros' | 'reflect' | 'replicate'): number | null {
  if (wanted >= 0 && wanted < size) return wanted;
  if (mode === 'zeros') return null;
  if (mode === 'replicate') return wanted < 0 ? 0 : size - 1;
  return wanted < 0 ? -wanted : 2 * size - 2 - wanted;
}

/** Each image with its pixels taken from elsewhere in it. */
async function writeMoved(
  files: SplitFiles,
  from: (y: number, x: number) => readonly [number | null, number | null],
  name: string,
): Promise<SplitFiles> {
  if (files.format !== 'cifar10') throw new Error('not CIFAR-10');
  const bytes = await readFile(files.files[0]!);
  const moved = Buffer.alloc(bytes.length);
  for (let sample = 0; sample < samples; sample++) {
    const start = sample * (1 + channels * height * width);
    moved[start] = bytes[start]!;
    for (let channel = 0; channel < channels; channel++) {
      const plane = start + 1 + channel * height * width;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [row, column] = from(y, x);
          moved[plane + y * width + x] = row === null || column === null ? 0 : bytes[plane + row * width + column]!;
        }
      }
    }
  }
  const file = path.join(folder(), name);
  await writeFile(file, moved);
  return { format: 'cifar10', files: [file] };
}

/** Of the network as the seed makes it; null: by plain prediction. */
async function predict(split: SplitFiles, augment: Augment, views: Int32Array | null): Promise<Float32Array> {
  const project = await readRecipe('lesson-convnet');
  const plan = planOn(
    { ...project, data: { ...project.data, augment } },
    { source: 'cifar10', split },
    { seed: 3, shuffle: false },
  );
  const session = await loadAddon().createSession(JSON.stringify(plan));
  try {
    if (views !== null) return await session.predictViews('test', views);
    const predicted = await session.predict('test');
    // What an evaluation brings along for nothing is the same, to the last bit.
    const { predictions, ...evaluated } = await session.evaluate('test');
    expect({ ...predictions, loss: 0 }).toEqual({ ...predicted, loss: 0 });
    expect(evaluated.loss).toBeCloseTo(predicted.loss, 5);
    return predicted.probabilities;
  } finally {
    await session.close();
  }
}
