import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { layerTypes } from '../../core/catalogue/catalogue.ts';
import type { NetworkNode } from '../../core/network/tree.ts';
import type { Project } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { holdAgainst, planFor, temporaryFolder } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

interface LayerCase extends Baseline {
  readonly name: string;
  /** Whether it gets whole numbers: pixels as they lie in the file, the largest of squares. */
  readonly isWhole: boolean;
  /** What stands between a convolution, or for whole numbers a pooling, and a linear layer. */
  readonly middle: readonly NetworkNode[];
}

const folder = temporaryFolder();
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'layer-values.json'), 'utf8')) as {
  readonly cases: readonly LayerCase[];
};

test('every layer of the catalogue has a case, but for those that draw at random', () => {
  const covered = new Set(cases.flatMap(({ middle }) => middle.map(({ type }) => type)));
  const without = layerTypes.filter(({ name, family }) => family !== 'dropout' && !covered.has(name));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test.each(cases)('$name $middle.0.options: values and gradients as in Python PyTorch', async (baseline) => {
  const plan = await planFor(projectOf(baseline), baseline, folder());
  await holdAgainst(loadAddon(), plan, baseline, folder());
});

function projectOf({ name, isWhole, middle, batchSize }: LayerCase): Project {
  const squares = { type: 'MaxPool2d', options: { kernel_size: 8 } };
  const convolution = { type: 'Conv2d', options: { out_channels: 6, kernel_size: 3, stride: 2, bias: false } };
  const last = [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }];
  return {
    format: 'torchwright-project',
    version: 1,
    name,
    networks: { main: { type: 'Sequential', children: [isWhole ? squares : convolution, ...middle, ...last] } },
    data: {
      source: 'cifar10',
      normalise: isWhole ? { kind: 'affine', scale: 1, offset: 0 } : { kind: 'affine', scale: 1 / 127.5, offset: -1 },
    },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD', momentum: 0.9 },
      schedule: { type: 'Constant', rate: 1 },
      batchSize,
      epochs: 1,
    },
  };
}
