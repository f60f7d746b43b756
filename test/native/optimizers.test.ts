import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'vitest';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Loss, Optimizer, Project, SupervisedRecipe } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { holdAgainst, planFor, temporaryFolder } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

interface OptimizerCase extends Baseline {
  readonly name: string;
  readonly network: readonly NetworkNode[];
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly clip: NonNullable<SupervisedRecipe['clip']> | null;
}

const folder = temporaryFolder();
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'optimizers.json'), 'utf8')) as {
  readonly cases: readonly OptimizerCase[];
};

test.each(cases)('$name: five steps as in Python PyTorch', async (baseline) => {
  const plan = await planFor(projectOf(baseline), baseline, folder());
  await holdAgainst(loadAddon(), plan, baseline, folder());
});

function projectOf({ name, network, optimizer, loss, clip, batchSize }: OptimizerCase): Project {
  return {
    format: 'torchwright-project',
    version: 1,
    name,
    networks: { main: { type: 'Sequential', children: network } },
    data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
    recipe: {
      kind: 'supervised',
      loss,
      optimizer,
      schedule: { type: 'Constant', rate: 1 },
      batchSize,
      epochs: 1,
      ...(clip === null ? {} : { clip }),
    },
  };
}
