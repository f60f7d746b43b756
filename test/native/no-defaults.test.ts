// The plan decides every default. The engine reads what is there and refuses a plan that lacks it.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { anyAugmentations, augmentationTypes } from '../../core/catalogue/augmentations/augmentations.ts';
import { requiredOptions } from '../../core/catalogue/derive/decide.ts';
import { initialiserTypes } from '../../core/catalogue/initialisers/initialisers.ts';
import { lossType, lossTypes } from '../../core/catalogue/losses/losses.ts';
import type { LossName } from '../../core/catalogue/losses/losses.ts';
import { optimizerTypes } from '../../core/catalogue/optimizers/optimizers.ts';
import { emptyProject } from '../../core/project/empty-project.ts';
import type { Augment, Project } from '../../core/project/project.ts';
import { isFed } from '../../core/training/loss-needs.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { temporaryFolder } from './baseline.ts';
import { writeExcerpt } from './excerpts.ts';
import { planOn } from './plans.ts';

const folder = temporaryFolder();
const addon = loadAddon();

test('no file of the engine gives a default beside the name of an option', () => {
  const engine = path.resolve('native/src/engine');
  const found = readdirSync(engine, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(cpp|h)$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(path.join(engine, name), 'utf8');
      return [...text.matchAll(/\.value\("(\w+)",/g)].map((match) => `${name.replaceAll('\\', '/')}: ${match[1]}`);
    });
  // Layers that share their code with others that have this option, and have none themselves.
  expect(found.toSorted()).toEqual([
    'layers/normalisation.cpp: bias',
    'layers/normalisation.cpp: bias',
    'layers/padding.cpp: value',
    'layers/resize.cpp: antialias',
    'network/initialise.cpp: padding_idx',
  ]);
});

/** Options that are lists or nothing: a plan has them where the project has. */
const isList = (option: object): boolean => (option as { readonly kind?: string }).kind === 'list';

describe.each(optimizerTypes.map(({ type }) => type))('%s', (type) => {
  const options = optimizerTypes.find((entry) => entry.type === type)!.options;
  test.each(Object.keys(options))('without %s is refused', async (name) => {
    const engineNames = Object.keys((await planWith({ recipe: { optimizer: { type } } })).training.optimizer.options);
    const left = engineNames[Object.keys(options).indexOf(name)]!;
    await expectRefusal({ recipe: { optimizer: { type } } }, ({ training }) => training.optimizer.options, left);
  });
});

describe.each(lossTypes.map(({ type }) => type).filter(isFed))('%s', (type) => {
  const { options } = lossTypes.find((entry) => entry.type === type)!;
  const names = Object.entries<object>(options).flatMap(([name, option]) => (isList(option) ? [] : [name]));
  test.each(names)('without %s is refused', (name) =>
    expectRefusal({ recipe: { loss: { type } } }, ({ training }) => training.loss, name),
  );
});

const withOptions = initialiserTypes.filter(({ options }) => Object.keys(options).length > 0);

describe.each(withOptions.map(({ method }) => method))('%s', (method) => {
  const { options } = initialiserTypes.find((entry) => entry.method === method)!;
  const types = [method === 'dirac' || method === 'whiten' ? 'Conv2d' : 'Linear'];
  const rule = { parameters: 'weight', types, method, ...requiredOptions(options) };
  test.each(Object.keys(options))('without %s is refused', (name) =>
    expectRefusal(
      { initialise: [rule], ...(method === 'whiten' ? { outputs: 2 * 3 * 8 * 8 } : {}) },
      (plan) => firstRule(plan.network),
      name,
    ),
  );
});

const augment: Augment = Object.fromEntries(
  anyAugmentations.map(({ name, options }) => [name, options === null || requiredOptions(options)]),
);

describe.each(augmentationTypes.map(({ name }) => name))('%s', (name) => {
  const { options } = augmentationTypes.find((entry) => entry.name === name)!;
  const names = options === null ? [name] : Object.keys(options);
  test.each(names)('without %s is refused', (left) =>
    expectRefusal({ augment }, ({ data }) => (options === null ? data.augment : (data.augment[name] as object)), left),
  );
});

interface Changes {
  readonly recipe?: { readonly loss?: { readonly type: LossName }; readonly optimizer?: object };
  readonly initialise?: readonly object[];
  readonly augment?: Augment;
  /** Of the convolution. */
  readonly outputs?: number;
}

type ReadPlan = Awaited<ReturnType<typeof planWith>>;

/** Layers that a network of the loss has to end with. */
const ends = {
  probabilities: [{ type: 'Sigmoid' }],
  logarithms: [{ type: 'LogSoftmax', options: { dim: 1 } }],
  any: [],
};

async function planWith({ recipe = {}, initialise, augment, outputs = 3 }: Changes) {
  const { expects = 'any' } = lossType(recipe.loss?.type ?? 'CrossEntropy');
  const children = [
    { type: 'Conv2d', options: { out_channels: outputs, kernel_size: 8, stride: 8 } },
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 10 } },
    ...ends[expects],
  ];
  const project = {
    ...emptyProject,
    networks: { main: { type: 'Sequential', children, ...(initialise && { initialise }) } },
    data: { source: 'cifar10', normalise: { kind: 'affine', scale: 1, offset: 0 }, ...(augment && { augment }) },
    recipe: {
      ...{ kind: 'supervised', loss: { type: 'CrossEntropy' }, optimizer: { type: 'SGD' }, batchSize: 2, epochs: 1 },
      schedule: { type: 'Constant', rate: 0.1 },
      ...recipe,
    },
  } as unknown as Project;
  const split = await writeExcerpt('cifar10', 4, folder());
  return planOn(project, { source: 'cifar10', split }, { seed: 1, shuffle: true });
}

/** The plan is taken as it is made; without one option of one part it is refused by that option's name. */
async function expectRefusal(changes: Changes, partOf: (plan: ReadPlan) => object, left: string): Promise<void> {
  const plan = JSON.parse(JSON.stringify(await planWith(changes))) as ReadPlan;
  const session = await addon.createSession(JSON.stringify(plan));
  await session.close();
  const part = partOf(plan) as Record<string, unknown>;
  expect(Object.keys(part)).toContain(left);
  Reflect.deleteProperty(part, left);
  await expect(addon.createSession(JSON.stringify(plan))).rejects.toThrow(`key '${left}' not found`);
}

function firstRule(node: ReadPlan['network']): object {
  if (node.type === 'Layer') return node.initialise[0] ?? {};
  const rules = 'children' in node ? node.children.map(firstRule) : [];
  return rules.find((rule) => Object.keys(rule).length > 0)!;
}
