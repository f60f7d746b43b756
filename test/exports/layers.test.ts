import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findLayerType, layerTypes } from '../../core/catalogue/catalogue.ts';
import { pythonCode } from '../../core/code/python.ts';
import { differenceOf, isMismatch, largestDifference } from '../../core/export/difference.ts';
import { makeModel } from '../../core/export/onnx/make-model.ts';
import { makeScript } from '../../core/export/torchscript/make-script.ts';
import { containerTypes } from '../../core/network/containers.ts';
import { planNetwork } from '../../core/training/plan-network.ts';
import { writeSafetensors } from '../../core/weights/safetensors.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import recorded from '../baselines/layer-exports.json' with { type: 'json' };
import { temporaryFolder } from '../native/baseline.ts';
import { runModel } from '../unit/core/export/onnx/run-model.ts';
import { layerCases, samplesOf, typesIn, weightsOf } from './layer-cases.ts';
import { hashOfNetwork } from './written-text.ts';

const cases = layerCases();
const folder = temporaryFolder();

test('every layer and every container is exported alone', () => {
  const covered = new Set(cases.flatMap(({ main }) => [...typesIn(main)]));
  // Of Blocks, which are written as what they hold, the recipes consist.
  const wanted = [...layerTypes.map(({ name }) => name), ...containerTypes.filter((type) => type !== 'Block')];
  expect(wanted.filter((type) => !covered.has(type))).toEqual([]);
});

test('Python has run each of them as it is written now: npm run baselines -- layer_exports', () => {
  const wanted = cases.map(({ name, main, resolved }) => {
    const source = pythonCode({ name, networks: { main }, blocks: {} }, resolved).text;
    return { name, written: hashOfNetwork(resolved, source) };
  });
  expect(recorded.map(({ name, written }) => ({ name, written }))).toEqual(wanted);
});

test.each(recorded)('$name computes elsewhere what it does in the engine', ({ name, differences }) => {
  // Their windows are laid at random, which ONNX and TorchScript cannot have from us (layers.test.ts, torchscript.test.ts).
  const isRandom = name.startsWith('FractionalMaxPool');
  expect(Object.keys(differences)).toEqual(['onnxruntime', 'source', 'torchscript']);
  for (const [consumer, found] of Object.entries(differences)) {
    if (isRandom) expect(found, consumer).toBeNull();
    else expect(found?.[0], consumer).toBeLessThan(largestDifference);
  }
});

test.each(cases.filter(({ name }) => findLayerType(name.split(' ')[0]!)?.family === 'dropout'))(
  '$name: nothing is dropped by ONNX Runtime and libtorch',
  async (layer) => {
    const { resolved } = layer;
    const samples = samplesOf(layer);
    const addon = loadAddon();
    const weights = path.join(folder(), 'weights.safetensors');
    await writeFile(weights, Buffer.concat(writeSafetensors(weightsOf(resolved), {})));
    const engine = await addon.runNetwork(JSON.stringify(planNetwork(resolved)), weights, [samples], false);
    expect([...engine.outputs[0]!.data]).toEqual([...samples.data]);

    const network = { resolved, tensors: [], inputs: ['input'], preprocessing: null, documentation: '', metadata: {} };
    const onnx = await runModel(makeModel(network).model, { input: samples });
    expect(isMismatch(differenceOf(engine.outputs, [onnx.get('output')!]))).toBe(false);

    const file = path.join(folder(), 'network.pt');
    await addon.writeTorchScript(JSON.stringify(makeScript(resolved, false)), weights, file, '{}');
    const libtorch = await addon.runTorchScript(file, [samples]);
    expect(isMismatch(differenceOf(engine.outputs, libtorch.outputs))).toBe(false);
  },
);
