import { describe, expect, test } from 'vitest';
import { layersOf } from '../../../../core/network/resolved.ts';
import { summarise } from '../../../../core/network/summarise.ts';
import { knownData } from '../../../../core/project/known-data.ts';
import { parseProject } from '../../../../core/project/parse.ts';
import { resolveProject } from '../../../../core/project/project-facts.ts';
import type { Project } from '../../../../core/project/project.ts';
import { serialiseProject } from '../../../../core/project/serialise.ts';
import { scheduleRates } from '../../../../core/schedule/rates.ts';
import { averagingOf, heldRate, weightsJoin } from '../../../../core/training/averaging.ts';
import { recipeNames, recipeText } from './recipe-files.ts';

function recipe(name: string): Project {
  const result = parseProject(recipeText(name));
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.project;
}

function resolved(project: Project) {
  const { inputShape } = knownData.get(project.data.source)!;
  const result = resolveProject(project, inputShape);
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.network;
}

/**
 * Published counts; for mnist-simpnet and the lesson's networks with norms, those of the same networks written
 * with torch.nn (test/baselines/recipes.py).
 */
const parameters: Readonly<Record<string, number>> = {
  'mnist-logit': 7_850,
  'mnist-linear': 636_010,
  'mnist-conv': 431_080,
  'mnist-swa': 431_080,
  'mnist-lbfgs': 431_080,
  // 25 · 16, 16 · 32 · 3², 32 · 64 · 3², the norms' 2 · (16 + 32 + 64), and 64 · 2² values to 10.
  'mnist-fast': 400 + 4_608 + 18_432 + 224 + 2_570,
  'mnist-simpnet': 1_022_656,
  'mnist-simpnet-swa': 1_022_656,
  'mnist-lstm': 214_282,
  'cifar10-fast': 1_972_792,
  'cifar10-resnet18': 11_173_962,
  'cifar10-resnet34': 21_282_122,
  'cifar10-resnet50': 23_520_842,
  'cifar10-wideresnet': 10_961_370,
  'lesson-simplenet': 123_330,
  'lesson-convnet': 37_490,
  'lesson-convnet2': 37_490,
  'lesson-convbn': 155_970,
  'lesson-convbn-deep': 462_570,
  'lesson-resnet': 769_170,
  'lesson-resnet2': 1_836_826,
  'tutorial-lenet': 62_006,
  'tutorial-resnet18': 11_173_962,
  'tutorial-resnet34': 21_282_122,
  // 2 · 64 + 64, 64 · 64 + 64, 64 · 3 + 3.
  spirals: 4_547,
  // 100 · 256 · 4², 256 · 128 · 3², 128 · 64 · 4², 64 · 4², and the norms' 2 · (256 + 128 + 64).
  'mnist-gan': 100 * 256 * 16 + 256 * 128 * 9 + 128 * 64 * 16 + 64 * 16 + 2 * (256 + 128 + 64),
  // From 110 channels, and a table of ten digits by ten.
  'mnist-cgan': 110 * 256 * 16 + 256 * 128 * 9 + 128 * 64 * 16 + 64 * 16 + 2 * (256 + 128 + 64) + 10 * 10,
};

test('every recipe is there', () => {
  expect(recipeNames.toSorted()).toEqual(Object.keys(parameters).toSorted());
});

describe.each(recipeNames)('%s', (name) => {
  test('has the parameters of the reference', () => {
    expect(summarise(resolved(recipe(name))).totals.parameters).toBe(parameters[name]);
  });

  test('is named as its file and written as the program writes it', () => {
    expect(recipe(name).name).toBe(name);
    expect(serialiseProject(recipe(name))).toBe(recipeText(name));
  });

  test('has a rate above 0 at every step', () => {
    const { schedule, epochs } = recipe(name).recipe;
    const rates = scheduleRates(schedule, { epochs, stepsPerEpoch: 7 });
    expect(rates).toHaveLength(epochs * 7);
    expect(rates.every((rate) => rate > 0)).toBe(true);
  });
});

test("mnist-conv's rate is its author's formula", () => {
  const rates = scheduleRates(recipe('mnist-conv').recipe.schedule, { epochs: 50, stepsPerEpoch: 1 });
  for (const [k, rate] of rates.entries()) {
    expect(rate).toBeCloseTo(Math.max(0.0002, 0.5 * 0.01 * (1 + Math.cos((Math.PI * k) / 50))), 15);
  }
});

test.each([
  { name: 'mnist-swa', free: 'mnist-conv', heldFrom: 31, averaged: 20 },
  { name: 'mnist-simpnet-swa', free: 'mnist-simpnet-swa', heldFrom: 51, averaged: 25 },
])(
  "$name's rate stays from index $heldFrom on, and $averaged epochs are averaged",
  ({ name, free, heldFrom, averaged }) => {
    const project = recipe(name);
    const { schedule, epochs } = project.recipe;
    const averaging = averagingOf(project.recipe);
    const rates = scheduleRates(schedule, { epochs, stepsPerEpoch: 1, ...heldRate(averaging) });
    const falling = scheduleRates(recipe(free).recipe.schedule, { epochs, stepsPerEpoch: 1 });
    expect(rates.slice(0, heldFrom)).toEqual(falling.slice(0, heldFrom));
    expect(new Set(rates.slice(heldFrom))).toEqual(new Set([falling[heldFrom]]));
    const joining = Array.from({ length: epochs }, (_, epoch) => weightsJoin(averaging, epoch + 1));
    expect(joining.filter(Boolean)).toHaveLength(averaged);
    expect(joining.slice(-averaged)).not.toContain(false);
  },
);

test("ResNet-18's shapes and multiply-adds are those of its paper, for 32×32 images", () => {
  const network = resolved(recipe('cifar10-resnet18'));
  const layers = [...layersOf(network)];
  const shapes = new Set(layers.map((layer) => layer.output.join('×')));
  expect([...shapes]).toEqual(['64×32×32', '128×16×16', '256×8×8', '512×4×4', '512×1×1', '512', '10']);
  // Stem, four stages of 3×3 convolutions, three 1×1 shortcuts, classifier.
  const stage = (size: number, channels: number, from: number) => 9 * size * size * channels * (from + 3 * channels);
  const expected =
    9 * 32 * 32 * 64 * 3 +
    stage(32, 64, 64) +
    stage(16, 128, 64) +
    stage(8, 256, 128) +
    stage(4, 512, 256) +
    (16 * 16 * 128 * 64 + 8 * 8 * 256 * 128 + 4 * 4 * 512 * 256) +
    5120;
  expect(summarise(network).totals.multiplyAdds).toBe(expected);
});
