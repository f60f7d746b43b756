// Jordan 2024, arXiv 2404.00498, section 3.5, and infer_mirror_translate of its code: the outputs for each view are
// averaged. The expected numbers are of the engine's own answers to images that are moved here.

import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EvaluateViews } from '../../core/catalogue/evaluate-views.ts';
import type { SupervisedRecipe } from '../../core/project/project.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn, readRecipe } from './plans.ts';

const folder = temporaryFolder();
const samples = 24;
const classes = 10;
const side = 32;
const plane = side * side;

async function evaluated(split: SplitFiles, evaluateViews?: EvaluateViews) {
  const project = await readRecipe('tutorial-lenet');
  const recipe = {
    ...(project.recipe as SupervisedRecipe),
    evaluateBatchSize: 7,
    ...(evaluateViews === undefined ? {} : { evaluateViews }),
  };
  const plan = planOn({ ...project, recipe }, { source: 'cifar10', split }, { seed: 3, shuffle: false });
  const session = await loadAddon().createSession(JSON.stringify(plan));
  try {
    const { loss, predictions, ...figures } = await session.evaluate('test');
    const { probabilities, labels } = predictions!;
    // What is asked for by itself is the same.
    expect((await session.predict('test')).probabilities).toEqual(probabilities);
    return { loss, accuracy: figures.accuracy, probabilities, labels };
  } finally {
    await session.close();
  }
}

/** The images with every pixel taken from elsewhere, by reflection at the border: numpy.pad's "reflect". */
async function moved(files: SplitFiles, isMirrored: boolean, shift: number): Promise<SplitFiles> {
  const [file] = files.format === 'cifar10' ? files.files : [];
  const bytes = await readFile(file!);
  const reflected = (at: number): number => (at < 0 ? -at : at >= side ? 2 * side - 2 - at : at);
  const made = Buffer.from(bytes);
  for (let start = 1; start < bytes.length; start += 1 + 3 * plane) {
    for (let at = 0; at < 3 * plane; at++) {
      const [channel, y, x] = [Math.floor(at / plane), Math.floor((at % plane) / side), at % side];
      const column = reflected((isMirrored ? side - 1 - x : x) + shift);
      made[start + at] = bytes[start + channel * plane + reflected(y + shift) * side + column]!;
    }
  }
  const name = path.join(folder(), `moved-${isMirrored}-${shift}.bin`);
  await writeFile(name, made);
  return { format: 'cifar10', files: [name] };
}

const shares: Readonly<Record<EvaluateViews, readonly (readonly [mirrored: boolean, shift: number, share: number])[]>> =
  {
    mirrored: [
      [false, 0, 1 / 2],
      [true, 0, 1 / 2],
    ],
    mirroredAndShifted: [
      [false, 0, 1 / 4],
      [true, 0, 1 / 4],
      ...[-1, 1].flatMap((shift) => [[false, shift, 1 / 8] as const, [true, shift, 1 / 8] as const]),
    ],
  };

test.each(['mirrored', 'mirroredAndShifted'] as const)('%s: the mean of the outputs', async (views) => {
  const plain = await writeExcerpt('cifar10', samples, folder());
  // Means of logits but for one number a sample, which the softmax takes out.
  const logits = new Float64Array(samples * classes);
  for (const [isMirrored, shift, share] of shares[views]) {
    const { probabilities } = await evaluated(await moved(plain, isMirrored, shift));
    for (const [at, value] of probabilities.entries()) logits[at]! += share * Math.log(value);
  }
  const expected = softmaxOfRows(logits);
  const found = await evaluated(plain, views);
  expectClose('probabilities', found.probabilities, expected, 1e-5);
  const losses = [...found.labels].map((label, sample) => -Math.log(expected[sample * classes + label]!));
  expect(found.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / samples, 5);
  const one = await evaluated(plain);
  expect(Math.max(...one.probabilities.map((value, at) => Math.abs(value - found.probabilities[at]!)))).toBeGreaterThan(
    1e-3,
  );
});

function softmaxOfRows(logits: Float64Array): Float64Array {
  const exponentials = logits.map(Math.exp);
  return exponentials.map((value, at) => {
    const first = at - (at % classes);
    return value / exponentials.subarray(first, first + classes).reduce((sum, each) => sum + each, 0);
  });
}
