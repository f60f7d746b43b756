import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { layerTypes } from '../../core/catalogue/catalogue.ts';
import { differenceOf } from '../../core/export/difference.ts';
import { firstPartingOf } from '../../core/export/first-parting.ts';
import { makeScript } from '../../core/export/torchscript/make-script.ts';
import type { NetworkNode } from '../../core/network/tree.ts';
import { planNetwork } from '../../core/training/plan-network.ts';
import { writeSafetensors } from '../../core/weights/safetensors.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { firstSamples, logSoftmax, resolved, tensorsOf } from '../unit/core/export/onnx/baseline-networks.ts';
import { expectClose, temporaryFolder } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

interface LayerCase extends Baseline {
  readonly name: string;
  readonly isWhole: boolean;
  readonly middle: readonly NetworkNode[];
}

const folder = temporaryFolder();
const random = /FractionalMaxPool/;
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'layer-values.json'), 'utf8')) as {
  readonly cases: readonly LayerCase[];
};

test('every layer of the catalogue is written or refused', () => {
  const covered = new Set(cases.flatMap(({ middle }) => middle.map(({ type }) => type)));
  const without = layerTypes.filter(({ name, family }) => family !== 'dropout' && !covered.has(name));
  expect(without.map(({ name }) => name)).toEqual([]);
});

test.each(cases)(
  '$name $middle.0.options: libtorch loads it and computes what Python PyTorch does',
  async (baseline) => {
    const network = resolved(networkOf(baseline), [3, 32, 32]);
    if (baseline.middle.some(({ type }) => random.test(type))) {
      expect(() => makeScript(network, false)).toThrow(/Fractional.*TorchScript/);
      return;
    }
    const weights = await weightsOf(network, baseline);
    const file = path.join(folder(), 'network.pt');
    await loadAddon().writeTorchScript(JSON.stringify(makeScript(network, false)), weights, file, '{}');
    const { outputs } = await loadAddon().runTorchScript(file, [await inputOf(baseline)]);
    expectClose('outputs', logSoftmax(outputs[0]!), baseline.forward.outputs.flat(), 1e-5);
  },
);

test('where the outputs part, the first module that makes something else is found', async () => {
  const baseline = cases.find(({ name }) => name === 'Residual with shortcut and after')!;
  const network = resolved(networkOf(baseline), [3, 32, 32]);
  const weights = await weightsOf(network, baseline);
  const input = await inputOf(baseline);
  const engine = await loadAddon().runNetwork(JSON.stringify(planNetwork(network)), weights, [input], true);
  const told = async (change: (source: string) => string) => {
    const script = JSON.parse(change(JSON.stringify(makeScript(network, true)))) as unknown;
    const file = path.join(folder(), 'traced.pt');
    await loadAddon().writeTorchScript(JSON.stringify(script), weights, file, '{}');
    const { outputs, modules } = await loadAddon().runTorchScript(file, [input]);
    const made = modules.flatMap(({ key, outputs: each }) => each.map((output) => ({ key, outputs: [output] })));
    return { difference: differenceOf(engine.outputs, outputs), parting: firstPartingOf(engine.modules, made) };
  };
  const same = await told((source) => source);
  expect(same.difference.absolute).toBeLessThan(1e-5);
  expect(same.parting).toBeNull();
  const other = await told((source) => source.replace('torch.tanh(x0)', 'torch.sigmoid(x0)'));
  expect(other.difference.absolute).toBeGreaterThan(1e-4);
  expect(other.parting).toMatchObject({ type: 'Tanh' });
});

test('a file that is no TorchScript is refused by name', async () => {
  const file = path.join(folder(), 'broken.pt');
  await writeFile(file, 'nothing');
  const input = { shape: [1, 1], data: new Float32Array(1) };
  await expect(loadAddon().runTorchScript(file, [input])).rejects.toMatchObject({ code: 'badData', at: file });
});

function networkOf({ isWhole, middle }: LayerCase): NetworkNode {
  const squares = { type: 'MaxPool2d', options: { kernel_size: 8 } };
  const convolution = { type: 'Conv2d', options: { out_channels: 6, kernel_size: 3, stride: 2, bias: false } };
  const last = [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 10 } }];
  return { type: 'Sequential', children: [isWhole ? squares : convolution, ...middle, ...last] };
}

async function weightsOf(network: ReturnType<typeof resolved>, baseline: LayerCase): Promise<string> {
  const file = path.join(folder(), 'weights.safetensors');
  await writeFile(file, Buffer.concat(writeSafetensors(tensorsOf(network, baseline), {})));
  return file;
}

async function inputOf({ isWhole, batchSize }: LayerCase) {
  const pixels = await firstSamples('cifar10', batchSize);
  const scale = isWhole ? 1 : 1 / 127.5;
  const data = Float32Array.from(pixels, (pixel) => pixel * scale - (isWhole ? 0 : 1));
  return { shape: [batchSize, 3, 32, 32], data };
}
