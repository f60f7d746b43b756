import path from 'node:path';
import { isMismatch } from '../../core/export/difference.ts';
import { firstPartingOf } from '../../core/export/first-parting.ts';
import { prove, refuseMismatch } from '../../core/export/proof.ts';
import type { Proof } from '../../core/export/proof.ts';
import type { ExportNetwork, ExportSubject, SampleTensor } from '../../core/export/subject.ts';
import { makeScript } from '../../core/export/torchscript/make-script.ts';
import { scriptInTargetUnits } from '../../core/export/torchscript/scale-targets.ts';
import type { ScriptOutputs } from '../engine/messages.ts';
import type { ExportContext, Exporter, ModuleOutputs } from './exporter.ts';
import { fileStem } from './file-names.ts';
import { oneSample } from './some-samples.ts';
import { runUntilStopped } from './stoppable.ts';

/** A file for each network, written by libtorch and loaded again. */
export const exportTorchScript: Exporter = async (subject, context) => {
  const files = [];
  const proofs: Proof[] = [];
  for (const network of subject.networks) {
    const name = `${fileStem(network, subject)}.pt`;
    context.onProgress(`writing ${name} and running it on the test samples`);
    proofs.push(await writeAndProve(subject, network, path.join(context.folder, name), context));
    files.push({ name, about: 'the network with its weights, for torch.jit.load and libtorch' });
  }
  return { files, usage: usageText(subject), proofs };
};

async function writeAndProve(
  subject: ExportSubject,
  network: ExportNetwork,
  file: string,
  context: ExportContext,
): Promise<Proof> {
  const inputs = network.inputs.map(({ samples }) => samples);
  const notes = { 'model.json': JSON.stringify(notesOf(subject, network)) };
  const { outputs, libtorch } = await written(subject, network, file, inputs, notes, false, context);
  const proof = prove(network, `libtorch ${libtorch}`, outputs);
  if (isMismatch(proof.difference)) {
    const { sample } = proof.difference;
    const one = inputs.map((input) => oneSample(input, sample));
    const { modules } = await written(subject, network, `${file}.traced`, one, {}, true, context);
    // Each module gives the list of all that it made.
    const made = modules.flatMap(({ key, outputs }) => outputs.map((output) => ({ key, outputs: [output] })));
    refuseMismatch(proof, firstPartingOf(oneOutputEach(await context.traceSample(network, sample)), made));
  }
  return proof;
}

/** Modules that give several tensors keep none. */
function oneOutputEach(modules: readonly ModuleOutputs[]): readonly ModuleOutputs[] {
  return modules.filter(({ outputs }) => outputs.length === 1);
}

async function written(
  { targetMapping }: ExportSubject,
  network: ExportNetwork,
  file: string,
  inputs: readonly SampleTensor[],
  notes: Readonly<Record<string, string>>,
  isTraced: boolean,
  { weightsFile, stop, openEngine }: ExportContext,
): Promise<ScriptOutputs> {
  const script = makeScript(network.resolved, isTraced);
  const module = targetMapping === null ? script : scriptInTargetUnits(script, targetMapping);
  const job = { kind: 'script', module, weights: weightsFile(network), file, notes, inputs } as const;
  return runUntilStopped(job, stop, openEngine);
}

/** What lies in the file for whoever loads it with `_extra_files`. */
function notesOf(subject: ExportSubject, network: ExportNetwork): unknown {
  const inputs = network.inputs.map(({ name, samples }) => ({ name, shape: samples.shape.slice(1) }));
  return {
    project: subject.project.name,
    classNames: subject.classNames,
    columnNames: subject.columnNames,
    targetNames: subject.targetNames,
    targetScaling: subject.targetMapping,
    preprocessing: subject.preprocessing,
    inputs,
  };
}

function usageText(subject: ExportSubject): string {
  const [network] = subject.networks;
  const given = network.inputs
    .map(({ samples }) => `torch.zeros(${[1, ...samples.shape.slice(1)].join(', ')})`)
    .join(', ');
  const name = `${fileStem(network, subject)}.pt`;
  return `In Python:

    import torch
    network = torch.jit.load("${name}")
    output = network(${given})

In C++: \`torch::jit::load("${name}")\`. The file is for inference: dropout and the like are left out. \`model.json\` lies in it
with class names and normalisation (\`_extra_files\`).`;
}
