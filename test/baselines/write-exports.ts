// `node test/baselines/write-exports.ts RECIPE FOLDER`: a recipe after a short training in the three formats, with the
// samples and what the engine makes of them, for exports.py. Facts about them as one JSON on stdout.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SampleTensor } from '../../core/export/subject.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { fileStem } from '../../main/exports/file-names.ts';
import { exportOnnx } from '../../main/exports/onnx.ts';
import { exportSafetensors } from '../../main/exports/python.ts';
import { exportTorchScript } from '../../main/exports/torchscript.ts';
import { openProject } from '../../main/projects/open-project.ts';
import { contextOf, figuresOf } from '../exports/export-here.ts';
import { trainedSubject } from '../exports/trained-subject.ts';
import { hashOfWritten } from '../exports/written-text.ts';

const samples = 100;

const [recipe, folder] = process.argv.slice(2) as [string, string];
const project = await openProject(recipe);
const subject = await trainedSubject(project, samples, folder);
const onnx = figuresOf((await exportOnnx(subject, contextOf(folder))).proofs);
const libtorch = figuresOf((await exportTorchScript(subject, contextOf(folder))).proofs);
// Python itself is asked by exports.py.
await exportSafetensors(subject, contextOf(folder));

const networks = [];
for (const network of subject.networks) {
  const stem = fileStem(network, subject);
  for (const [index, { samples: tensor }] of network.inputs.entries()) await writeFloats(`${stem}.input${index}`, tensor);
  await writeFloats(`${stem}.output`, network.outputs[0]!);
  networks.push({
    network: network.name,
    stem,
    written: hashOfWritten(project, network.name),
    inputs: network.inputs.map(({ samples: { shape } }) => ({ shape })),
    output: network.outputs[0]!.shape,
    onnxRuntimeWeb: onnx.get(network.name)!.difference,
    libtorch: libtorch.get(network.name)!.difference,
  });
}
const versions = { libtorch: loadAddon().versions().libtorch, onnxRuntimeWeb: onnx.get('main')!.consumer };
process.stdout.write(JSON.stringify({ versions, networks }));

async function writeFloats(name: string, { data }: SampleTensor): Promise<void> {
  await writeFile(path.join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
