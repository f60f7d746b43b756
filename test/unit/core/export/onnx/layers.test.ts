import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { layerTypes } from '../../../../../core/catalogue/catalogue.ts';
import { makeModel } from '../../../../../core/export/onnx/make-model.ts';
import { findLayerWriter, inexpressible } from '../../../../../core/export/onnx/layer-writers.ts';
import type { NetworkNode } from '../../../../../core/network/tree.ts';
import type { Baseline } from '../../../../native/baseline.ts';
import { expectClose } from '../../../../native/baseline.ts';
import { baselinesFolder } from '../../../../native/excerpts.ts';
import { firstSamples, logSoftmax, tensorsOf, resolved } from './baseline-networks.ts';
import { runModel } from './run-model.ts';

interface LayerCase extends Baseline {
  readonly name: string;
  readonly isWhole: boolean;
  readonly middle: readonly NetworkNode[];
}

const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'layer-values.json'), 'utf8')) as {
  readonly cases: readonly LayerCase[];
};

test('every layer of the catalogue has a way to write it, or a reason why there is none', () => {
  const without = layerTypes.filter(({ name }) => (findLayerWriter(name) === undefined) !== name in inexpressible);
  expect(without.map(({ name }) => name)).toEqual([]);
});

test.each(cases)('$name $middle.0.options: ONNX Runtime computes what Python PyTorch does', async (baseline) => {
  const network = resolved(networkOf(baseline), [3, 32, 32]);
  const tensors = tensorsOf(network, baseline);
  const write = () =>
    makeModel({ resolved: network, tensors, inputs: ['input'], preprocessing: null, documentation: '', metadata: {} });
  if (baseline.middle.some(({ type }) => type in inexpressible)) {
    expect(write).toThrow(/cannot be written as ONNX: it lays its windows at random/);
    return;
  }
  const scale = baseline.isWhole ? 1 : 1 / 127.5;
  const pixels = await firstSamples('cifar10', baseline.batchSize);
  const data = Float32Array.from(pixels, (pixel) => pixel * scale - (baseline.isWhole ? 0 : 1));
  const outputs = await runModel(write().model, { input: { shape: [baseline.batchSize, 3, 32, 32], data } });
  expectClose('outputs', logSoftmax(outputs.get('output')!), baseline.forward.outputs.flat(), 1e-5);
});

function networkOf({ isWhole, middle }: LayerCase): NetworkNode {
  const squares = { type: 'MaxPool2d', options: { kernel_size: 8 } };
  const convolution = { type: 'Conv2d', options: { out_channels: 6, kernel_size: 3, stride: 2, bias: false } };
  const last = [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }];
  return { type: 'Sequential', children: [isWhole ? squares : convolution, ...middle, ...last] };
}
