import { openProject } from '../../main/projects/open-project.ts';
import type { Assignment } from '../../main/projects/open-project.ts';

/** What is measured, the same on both sides: network, batch, optimizer, loss; data scaled, nothing augmented. */
export interface Task {
  readonly name: string;
  readonly assignments: readonly Assignment[];
  /** Steps that are timed, after a tenth as many to warm up; fewer where Python's usual loop would take minutes. */
  readonly steps: number;
  readonly usualSteps: number;
  /** The figure that is printed: a step's time, or an epoch's, extrapolated from the steps. */
  readonly unit: 'µs a step' | 's an epoch' | 's a step';
  readonly stepsPerEpoch: number;
  /** Our aims as ratios, Python's time divided by ours. */
  readonly aims: { readonly usual?: number; readonly preloaded: number };
  readonly rounds: number;
}

const plain: readonly Assignment[] = [
  { path: 'data.normalise', value: '{"kind":"affine","scale":0.00784313725490196,"offset":-1}' },
];

export const tasks: readonly Task[] = [
  {
    name: 'mnist-logit',
    assignments: plain,
    steps: 1200,
    usualSteps: 150,
    unit: 'µs a step',
    stepsPerEpoch: 600,
    aims: { preloaded: 2.5 },
    rounds: 5,
  },
  {
    name: 'mnist-conv',
    assignments: [
      ...plain,
      { path: 'recipe.batchSize', value: '100' },
      { path: 'recipe.loss', value: '{"type":"CrossEntropy"}' },
      { path: 'recipe.optimizer', value: '{"type":"SGD"}' },
      { path: 'recipe.schedule', value: '{"type":"Constant","rate":0.04}' },
    ],
    steps: 100,
    usualSteps: 60,
    unit: 's an epoch',
    stepsPerEpoch: 600,
    aims: { usual: 1.3, preloaded: 1 },
    rounds: 5,
  },
  {
    name: 'cifar10-resnet18',
    assignments: [
      ...plain,
      { path: 'data.augment', value: '{}' },
      { path: 'recipe.batchSize', value: '64' },
      { path: 'recipe.schedule', value: '{"type":"Constant","rate":0.08}' },
    ],
    steps: 4,
    usualSteps: 4,
    unit: 's a step',
    stepsPerEpoch: 782,
    aims: { usual: 1.15, preloaded: 1.15 },
    rounds: 3,
  },
];

export function findTask(name: string): Task {
  const task = tasks.find((each) => each.name === name);
  if (task === undefined) throw new Error(`there is no task ${name}`);
  return task;
}

export function projectOf(task: Task) {
  return openProject(task.name, task.assignments);
}
