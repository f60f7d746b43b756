import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pythonCode } from '../../../core/code/python.ts';
import type { Initialiser, NetworkNode } from '../../../core/network/tree.ts';
import { emptyProject } from '../../../core/project/empty-project.ts';
import { resolveProject } from '../../../core/project/project-facts.ts';
import type { Augment, Loss, Optimizer, Project, Schedule } from '../../../core/project/project.ts';
import { scheduleRates } from '../../../core/schedule/rates.ts';
import { planLoss } from '../../../core/training/plan-loss.ts';
import type { Plan, SplitFiles } from '../../../core/training/plan.ts';
import { isFed } from '../../../core/training/loss-needs.ts';
import type { Addon, EngineSession, LossTensor } from '../../../main/engine/addon.ts';
import { baselinesFolder, inputShapes, writeExcerpt } from '../excerpts.ts';
import { planOn } from '../plans.ts';
import { checksumOf, checksumOfFile } from './checksum.ts';
import type { Checksums } from './same-bytes.ts';

/**
 * Everything that has options of its own, with none of them written: what a default becomes shows in the bytes. Recipes
 * use only some of them.
 */
export async function catalogueChecksums(addon: Addon, folder: string): Promise<Readonly<Record<string, Checksums>>> {
  return {
    optimizers: await each(
      optimizers,
      ({ type }) => type,
      (optimizer) => trained({ optimizer }, addon, folder),
    ),
    losses: {
      ...(await each(
        trainedLosses,
        ({ type }) => type,
        (loss) => trained({ loss }, addon, folder),
      )),
      ...(await comparingLosses(addon)),
    },
    initialisers: await each(
      initialisers,
      ({ method }) => method,
      (rule) => initialised(rule, addon, folder),
    ),
    'initialisers in Python': await each(
      initialisers,
      ({ method }) => method,
      (rule) => pythonOf(rule),
    ),
    augmentations: await each(
      augmentations,
      (augment) => JSON.stringify(augment),
      (augment) => augmented(augment, addon, folder),
    ),
    schedules: await each(
      schedules,
      (schedule) => JSON.stringify(schedule),
      (schedule) => checksumOf(scheduleRates(schedule, { epochs: 6, stepsPerEpoch: 5, past: worseAndWorse })),
    ),
  };
}

const optimizers: readonly Optimizer[] = (
  ['SGD', 'Adam', 'AdamW', 'LAMB', 'Adagrad', 'RMSprop', 'Muon', 'LBFGS'] as const
).map((type) => ({ type }));

const trainedLosses: readonly Loss[] = [
  ...(['CrossEntropy', 'NLL', 'MultiMargin', 'MultiLabelMargin', 'MSE', 'L1', 'SmoothL1', 'Huber'] as const),
  ...(['BCEWithLogits', 'KLDiv', 'PoissonNLL', 'MultiLabelSoftMargin', 'SoftMargin', 'PairwiseDistance'] as const),
].map((type) => ({ type }));

const anyMethods = ['normal', 'uniform', 'trunc_normal', 'zeros', 'ones', 'orthogonal', 'dirac'] as const;
const fanMethods = ['kaiming_normal', 'kaiming_uniform', 'xavier_normal', 'xavier_uniform'] as const;

const initialisers: readonly Initialiser[] = [
  ...[...anyMethods, ...fanMethods].map((method) => ({ parameters: 'weight', method }) as const),
  { parameters: 'weight', method: 'constant', value: 0.5 },
  // For matrices only.
  { parameters: 'weight', types: ['Linear'], method: 'eye' },
  { parameters: 'weight', types: ['Linear'], method: 'sparse', sparsity: 0.5 },
  // For as many outputs as there are values in a patch, twice.
  { parameters: 'weight', types: ['Conv2d'], method: 'whiten' },
];

const augmentations: readonly Augment[] = [
  {},
  { flippedCopies: true },
  { crop: { padding: 4 } },
  { flip: { probability: 0.5 } },
  { flip: { probability: 0.5, alternate: true } },
  { cutout: { size: 8 } },
  { flippedCopies: true, crop: { padding: 3 }, flip: { probability: 0.25 }, cutout: { size: 4 } },
];

const rate = 0.1;

const schedules: readonly Schedule[] = [
  { type: 'Constant', rate },
  { type: 'Constant', rate, warmup: { epochs: 2 } },
  { type: 'Step', rate, every: 2, gamma: 0.5 },
  { type: 'MultiStep', rate, milestones: [2, 4], gamma: 0.1 },
  { type: 'Exponential', rate, gamma: 0.9 },
  { type: 'Cosine', rate },
  { type: 'CosineCycles', rate, length: 2 },
  { type: 'List', rates: [0.1, 0.05, 0.01] },
  { type: 'Linear', rate, end: 0.01 },
  { type: 'OneCycle', rate },
  { type: 'Triangular', rate, up: 1 },
  { type: 'ReduceOnPlateau', rate },
  { type: 'ReduceOnPlateau', rate, patience: 0 },
  {
    type: 'Phases',
    phases: [
      { epochs: 2, shape: { type: 'OneCycle', rate } },
      { epochs: 4, shape: { type: 'Cosine', rate } },
    ],
  },
];

/** What ReduceOnPlateau answers to. */
const worseAndWorse = Array.from({ length: 6 }, (_, epoch) => ({
  train: { loss: 1 + epoch },
  test: { loss: 1 + epoch, accuracy: 0.5 },
}));

/** A convolution, a norm and a classifier: kinds of parameters that optimizers and initialisers tell apart. */
function projectWith(
  recipe: { readonly optimizer?: Optimizer; readonly loss?: Loss },
  { augment, initialise }: { readonly augment?: Augment; readonly initialise?: readonly Initialiser[] } = {},
): Project {
  const children: readonly NetworkNode[] = [
    { type: 'Conv2d', options: { out_channels: initialise?.some(isWhitening) ? 150 : 8, kernel_size: 5, stride: 4 } },
    { type: 'BatchNorm2d' },
    { type: 'ReLU' },
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 10 } },
  ];
  return {
    ...emptyProject,
    name: 'catalogue',
    networks: { main: { type: 'Sequential', children, ...(initialise && { initialise }) } },
    data: {
      source: 'cifar10',
      normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 },
      ...(augment && { augment }),
    },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD' },
      schedule: { type: 'Constant', rate: 0.01 },
      batchSize: 4,
      epochs: 1,
      ...recipe,
    },
  };
}

async function withSession<Result>(
  project: Project,
  addon: Addon,
  folder: string,
  use: (session: EngineSession) => Promise<Result>,
): Promise<Result> {
  const split = await writeExcerpt('cifar10', 16, folder);
  const plan = planWith(project, split);
  const session = await addon.createSession(JSON.stringify(plan));
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/** Losses over probabilities too are computed of any numbers, which a project may not ask for. */
function planWith(project: Project, split: SplitFiles): Plan {
  const { recipe } = project;
  if (recipe.kind !== 'supervised') throw new Error('a supervised recipe');
  const anyLoss = { ...project, recipe: { ...recipe, loss: { type: 'CrossEntropy' as const } } };
  const plan = planOn(anyLoss, { source: 'cifar10', split }, { seed: 1, shuffle: true });
  return { ...plan, training: { ...plan.training, loss: planLoss(recipe.loss) } };
}

async function weightsOf(session: EngineSession, folder: string): Promise<string> {
  const file = path.join(folder, 'weights.safetensors');
  await session.saveWeights(file);
  return checksumOfFile(file);
}

function trained(
  recipe: { readonly optimizer?: Optimizer; readonly loss?: Loss },
  addon: Addon,
  folder: string,
): Promise<string> {
  return withSession(projectWith(recipe), addon, folder, async (session) => {
    const learningRates = new Float64Array(session.describe().stepsPerEpoch).fill(0.01);
    const { state } = await session.train({ learningRates });
    if (state !== 'finished') throw new Error(`${JSON.stringify(recipe)} ended as ${state}`);
    return weightsOf(session, folder);
  });
}

function initialised(rule: Initialiser, addon: Addon, folder: string): Promise<string> {
  const project = projectWith({}, { initialise: [ruleFor(rule)] });
  return withSession(project, addon, folder, (session) => weightsOf(session, folder));
}

function isWhitening({ method }: Initialiser): boolean {
  return method === 'whiten';
}

/** On layers that it suits. */
function ruleFor(rule: Initialiser): Initialiser {
  return rule.method === 'dirac' ? { ...rule, types: ['Conv2d'] } : rule;
}

function pythonOf(rule: Initialiser): string {
  const project = projectWith({}, { initialise: [ruleFor(rule)] });
  const resolution = resolveProject(project, inputShapes.cifar10);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  return checksumOf(pythonCode(project, resolution.network).text);
}

function augmented(augment: Augment, addon: Addon, folder: string): Promise<string> {
  return withSession(projectWith({}, { augment }), addon, folder, async (session) =>
    checksumOf(await session.sampleBatch(16, 3, false)),
  );
}

/** Losses that no data set feeds, on the samples that Python PyTorch was asked about. */
async function comparingLosses(addon: Addon): Promise<Checksums> {
  const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'losses.json'), 'utf8')) as {
    readonly cases: readonly {
      readonly loss: Loss;
      readonly inputs: readonly WrittenTensor[];
      readonly targets: readonly WrittenTensor[];
    }[];
  };
  const bare = cases.filter(({ loss }) => !isFed(loss.type) && Object.keys(loss).length === 1);
  return each(
    bare,
    ({ loss }) => loss.type,
    ({ loss, inputs, targets }) => {
      const answer = addon.computeLoss(JSON.stringify(planLoss(loss)), inputs.map(read), targets.map(read));
      return checksumOf([answer.loss, ...answer.gradients].map((values) => checksumOf(values)).join(' '));
    },
  );
}

interface WrittenTensor {
  readonly shape: readonly number[];
  readonly isWhole: boolean;
  readonly data: readonly number[];
}

function read({ shape, isWhole, data }: WrittenTensor): LossTensor {
  return { shape, data: isWhole ? Int32Array.from(data) : Float32Array.from(data) };
}

async function each<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
  measure: (entry: Entry) => Promise<string> | string,
): Promise<Checksums> {
  const found: Record<string, string> = {};
  for (const entry of entries) found[nameOf(entry)] = await measure(entry);
  return found;
}
