// `node test/baselines/write-layer-exports.ts FOLDER`: every layer alone in the three formats, with samples and what the
// engine makes of them, for layer_exports.py. Facts about them as one JSON on stdout.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pythonCode } from '../../core/code/python.ts';
import { makeModel } from '../../core/export/onnx/make-model.ts';
import { writeModel } from '../../core/export/onnx/write-model.ts';
import { makeScript } from '../../core/export/torchscript/make-script.ts';
import type { SampleTensor } from '../../core/export/subject.ts';
import { FailureError } from '../../core/failure.ts';
import { planNetwork } from '../../core/training/plan-network.ts';
import { writeSafetensors } from '../../core/weights/safetensors.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { layerCases, samplesOf, weightsOf } from '../exports/layer-cases.ts';
import type { LayerCase } from '../exports/layer-cases.ts';
import { hashOfNetwork } from '../exports/written-text.ts';

const [root] = process.argv.slice(2) as [string];
const addon = loadAddon();
const facts = [];
for (const [index, each] of layerCases().entries()) facts.push(await written(each, path.join(root, String(index))));
process.stdout.write(JSON.stringify(facts));

async function written(layer: LayerCase, folder: string) {
  const { name, main, resolved } = layer;
  await mkdir(folder);
  const weights = path.join(folder, 'model.safetensors');
  const tensors = weightsOf(resolved);
  await writeFile(weights, Buffer.concat(writeSafetensors(tensors, {})));
  const source = pythonCode({ name, networks: { main }, blocks: {} }, resolved).text;
  await writeFile(path.join(folder, 'model.py'), source);
  const samples = samplesOf(layer);
  await writeFloats(path.join(folder, 'input'), samples);
  const { outputs } = await addon.runNetwork(JSON.stringify(planNetwork(resolved)), weights, [samples], false);
  await writeFloats(path.join(folder, 'output'), outputs[0]!);
  const onnx = await unlessRefused(async () => {
    const network = { resolved, tensors, inputs: ['input'], preprocessing: null, documentation: '', metadata: {} };
    const { model } = writeModel(makeModel(network).model, 'weights');
    await writeFile(path.join(folder, 'model.onnx'), Buffer.concat(model));
  });
  const torchscript = await unlessRefused(async () => {
    const script = JSON.stringify(makeScript(resolved, false));
    await addon.writeTorchScript(script, weights, path.join(folder, 'model.pt'), '{}');
  });
  return {
    name,
    written: hashOfNetwork(resolved, source),
    isWhole: layer.isWhole,
    input: samples.shape,
    output: outputs[0]!.shape,
    refused: { onnxruntime: onnx, torchscript },
  };
}

async function unlessRefused(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return false;
  } catch (error) {
    if (error instanceof FailureError) return true;
    throw error;
  }
}

async function writeFloats(file: string, { data }: SampleTensor): Promise<void> {
  await writeFile(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
