import path from 'node:path';
import type { ExportSubject } from '../../core/export/subject.ts';
import type { Project } from '../../core/project/project.ts';
import { ratesOfEpoch } from '../../core/schedule/rates.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { Addon } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { exportNetworks } from '../../main/exports/in-engine.ts';
import { assembleSubject } from '../../main/exports/prepare-subject.ts';
import { planProject } from '../../main/training/plan-project.ts';

/**
 * Enough that no weight and no running statistic is as it began; a whole ResNet does it in seconds. At the rates of the
 * recipes some outputs would be a million until running statistics have followed: then nothing agrees to 1e-4.
 */
const training = { steps: 5, batchSize: 4, highestRate: 0.001 };

/**
 * A project after some steps on its own training data, and what the engine then makes of the first `samples` of its
 * test data: what an exporter is given. The weights lie in `folder`.
 */
export async function trainedSubject(project: Project, samples: number, folder: string): Promise<ExportSubject> {
  const addon = loadAddon();
  const short: Project = { ...project, recipe: { ...project.recipe, batchSize: training.batchSize } };
  const { plan, classNames } = await planProject(short, { seed: 1, threads: 1 });
  const checkpoint = path.join(folder, 'checkpoint');
  await train(short, plan, addon, checkpoint);
  const job = { kind: 'export', plan, device: 'cpu', checkpoint, weights: 'last', folder, samples } as const;
  const made = await exportNetworks(job, addon, new AbortController().signal);
  return assembleSubject(made, folder, {
    project: short,
    run: 'short-training',
    checkpoint: { which: 'last', epoch: 0, step: training.steps, weights: 'last' },
    classNames,
    shape: plan.inputShape,
    measured: null,
    columnNames: [],
    targetNames: [],
    targetMapping: null,
    origins: null,
  });
}

async function train({ recipe }: Project, plan: Plan, addon: Addon, checkpoint: string): Promise<void> {
  const session = await addon.createSession(JSON.stringify(plan));
  try {
    const { stepsPerEpoch } = session.describe();
    const learningRates = ratesOfEpoch(recipe.schedule, 0, { epochs: recipe.epochs, stepsPerEpoch }).map((rate) =>
      Math.min(rate, training.highestRate),
    );
    const { state } = await session.train({ learningRates, maxSteps: training.steps });
    if (state !== 'paused') throw new Error(`the training ended as ${state}`);
    await session.saveCheckpoint(checkpoint, '');
  } finally {
    await session.close();
  }
}
