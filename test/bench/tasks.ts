import { openProject } from '../../main/projects/open-project.ts';
import type { Assignment } from '../../main/projects/open-project.ts';
import type { Aims } from './aims.ts';

export type PythonKind = 'usual' | 'preloaded';
export type BenchPrecision = 'float32' | 'bfloat16';

/** What is measured, the same on both sides: network, batch, optimizer, loss; data scaled, nothing augmented. */
export interface Task {
  /** Of a recipe, and of the Python side in loops.py. */
  readonly name: string;
  readonly precision: BenchPrecision;
  readonly assignments: readonly Assignment[];
  /** Steps that each program is timed for, after a tenth as many to warm up. */
  readonly steps: number;
  /** What one step is, for the documentation. */
  readonly step: string;
  /** The figure that is printed: a step's time, or an epoch's, extrapolated from the steps. */
  readonly unit: 'µs a step' | 'ms a step' | 's a step' | 's an epoch';
  readonly stepsPerEpoch: number;
  readonly loops: readonly PythonKind[];
  readonly aims: Aims;
  readonly rounds: number;
}

/** Fewer pairs than these say little on a machine that does other things too. */
export const leastRounds = 5;

const inFloat32 = { precision: 'float32', loops: ['usual', 'preloaded'], rounds: leastRounds } as const;

const scaled: readonly Assignment[] = [
  { path: 'data.normalise', value: '{"kind":"affine","scale":0.00784313725490196,"offset":-1}' },
];

/** With the batch in memory: reading 1,024 images one after another is a small share of such a step. */
const cifar10Fast = {
  name: 'cifar10-fast',
  steps: 3,
  unit: 's a step',
  stepsPerEpoch: 48,
  loops: ['preloaded'],
  rounds: leastRounds,
} as const;

export const tasks: readonly Task[] = [
  {
    ...inFloat32,
    name: 'mnist-logit',
    assignments: scaled,
    steps: 1200,
    step: 'batch 100, SGD',
    unit: 'µs a step',
    stepsPerEpoch: 600,
    aims: { preloaded: 3.2, orMicroseconds: 85 },
  },
  {
    ...inFloat32,
    name: 'mnist-conv',
    assignments: [
      ...scaled,
      { path: 'recipe.batchSize', value: '100' },
      { path: 'recipe.loss', value: '{"type":"CrossEntropy"}' },
      { path: 'recipe.optimizer', value: '{"type":"SGD"}' },
      { path: 'recipe.schedule', value: '{"type":"Constant","rate":0.04}' },
    ],
    steps: 100,
    step: 'batch 100, SGD, with dropout',
    unit: 's an epoch',
    stepsPerEpoch: 600,
    aims: { usual: 3.5, preloaded: 3.5 },
  },
  {
    ...inFloat32,
    name: 'mnist-lstm',
    assignments: scaled,
    steps: 100,
    step: 'batch 60, AdamW',
    unit: 'ms a step',
    stepsPerEpoch: 1000,
    aims: { usual: 1.4, preloaded: 1.4 },
  },
  {
    ...inFloat32,
    name: 'mnist-gan',
    assignments: scaled,
    steps: 20,
    step: 'batch 60: the discriminator on real and on generated images, its Adam step, the generator and its Adam step',
    unit: 'ms a step',
    stepsPerEpoch: 1000,
    aims: { usual: 1.4, preloaded: 1.4 },
  },
  {
    ...inFloat32,
    name: 'cifar10-resnet18',
    assignments: [
      ...scaled,
      { path: 'data.augment', value: '{}' },
      { path: 'recipe.batchSize', value: '64' },
      { path: 'recipe.schedule', value: '{"type":"Constant","rate":0.08}' },
    ],
    steps: 4,
    step: 'batch 64, SGD with momentum',
    unit: 's a step',
    stepsPerEpoch: 782,
    aims: { usual: 1.4 },
  },
  {
    ...cifar10Fast,
    precision: 'float32',
    assignments: [
      { path: 'data.augment', value: '{}' },
      { path: 'recipe.precision', value: 'float32' },
    ],
    step: 'batch 1,024, SGD by groups with lookahead; Python channels-last',
    aims: {},
  },
  {
    ...cifar10Fast,
    precision: 'bfloat16',
    assignments: [
      { path: 'data.augment', value: '{}' },
      { path: 'recipe.precision', value: 'bfloat16' },
    ],
    step: 'the same in mixed precision; Python under autocast to bfloat16',
    aims: { preloaded: 1.5, onlyWith: 'amx_bf16' },
  },
];

/** How a task is called where its results stand: `cifar10-fast in bfloat16`. */
export function titleOf({ name, precision }: Pick<Task, 'name' | 'precision'>): string {
  return precision === 'float32' ? name : `${name} in ${precision}`;
}

export function findTask(name: string, precision: string = 'float32'): Task {
  const task = tasks.find((each) => each.name === name && each.precision === precision);
  if (task === undefined) throw new Error(`there is no task ${name} in ${precision}`);
  return task;
}

export function projectOf(task: Task) {
  return openProject(task.name, task.assignments);
}
