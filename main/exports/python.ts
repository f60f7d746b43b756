import path from 'node:path';
import { pythonCode } from '../../core/code/python.ts';
import { exportProgramText, isPicture, usageScript } from '../../core/export/python-scripts.ts';
import type { WeightsKind } from '../../core/export/python-scripts.ts';
import type { ExportNetwork, ExportSubject } from '../../core/export/subject.ts';
import { writeSafetensors } from '../../core/weights/safetensors.ts';
import { writeStateDict } from '../../core/weights/write-state-dict.ts';
import { replaceFile } from '../files.ts';
import type { ExportContext, Exporter, WrittenModel } from './exporter.ts';
import { fileStem } from './file-names.ts';
import { proveInPython } from './prove-in-python.ts';
import { writeParts } from './write-parts.ts';

/** Weights, the network as a Python module, and a script that uses both. */
export const exportSafetensors: Exporter = (subject, context) => exportPython(subject, context, 'safetensors', false);

export const exportStateDict: Exporter = (subject, context) => exportPython(subject, context, 'state-dict', false);

/** With a script for torch.export beside them. */
export const exportPythonProgram: Exporter = (subject, context) => exportPython(subject, context, 'safetensors', true);

async function exportPython(
  subject: ExportSubject,
  context: ExportContext,
  weights: WeightsKind,
  withProgram: boolean,
): Promise<WrittenModel> {
  const files: WrittenModel['files'][number][] = [];
  const proofs = [];
  const add = async (name: string, about: string, text: string): Promise<void> => {
    await replaceFile(path.join(context.folder, name), text);
    files.push({ name, about });
  };
  for (const network of subject.networks) {
    const stem = fileStem(network, subject);
    context.onProgress(`writing ${stem}.py and its weights`);
    files.push(await writeWeights(subject, network, stem, weights, context.folder));
    await add(`${stem}.py`, 'the network as a PyTorch module', sourceOf(subject, network));
    if (withProgram) {
      const text = exportProgramText({ subject, network, stem, weights });
      await add(`export_${stem}.py`, `makes ${stem}.pt2 by torch.export, and compiles it ahead of time`, text);
    }
    // The pictures that the discriminator judges are the generator's.
    if (network.name === 'discriminator') continue;
    const script = usageScript({ subject, network, stem, weights });
    await add(script.name, 'how the network is used', script.text);
  }
  for (const network of subject.networks) {
    context.onProgress(`running ${fileStem(network, subject)}.py on the test samples`);
    const file = files.find(({ name }) => name.startsWith(`${fileStem(network, subject)}.`))!.name;
    proofs.push(await proveInPython(network, { ...context, module: fileStem(network, subject), weights: file }));
  }
  return { files, usage: usageText(subject, weights, withProgram), proofs };
}

async function writeWeights(
  subject: ExportSubject,
  network: ExportNetwork,
  stem: string,
  kind: WeightsKind,
  folder: string,
): Promise<WrittenModel['files'][number]> {
  if (kind === 'state-dict') {
    await writeParts(path.join(folder, `${stem}.pt`), writeStateDict(network.tensors));
    return { name: `${stem}.pt`, about: "the state dict: torch.load('FILE', weights_only=True)" };
  }
  const metadata = { format: 'pt', project: subject.project.name, run: subject.run };
  await writeParts(path.join(folder, `${stem}.safetensors`), writeSafetensors(network.tensors, metadata));
  return { name: `${stem}.safetensors`, about: "the weights by PyTorch's names" };
}

function sourceOf({ project, targetMapping }: ExportSubject, { resolved, name }: ExportNetwork): string {
  return pythonCode(project, resolved, name, targetMapping).text;
}

/** A column's name as a word of a command line. */
function placeholder(name: string): string {
  return name.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '_');
}

function usageText(subject: ExportSubject, weights: WeightsKind, withProgram: boolean): string {
  const isGenerator = subject.networks.length > 1;
  const picture = isGenerator || isPicture(subject);
  const packages = [
    'torch',
    ...(weights === 'safetensors' ? ['safetensors'] : []),
    ...(picture ? ['numpy', 'pillow'] : []),
  ];
  const line = isGenerator
    ? 'python generate.py pictures.png'
    : isPicture(subject)
      ? 'python predict.py picture.png'
      : `python predict.py ${subject.columnNames.length === 0 ? 'NUMBERS' : subject.columnNames.map(placeholder).join(' ')}`;
  const stems = subject.networks.map((network) => fileStem(network, subject));
  const programs = withProgram
    ? `\n\nFor torch.export, and with \`--compile\` ahead-of-time compilation (AOTInductor, needs a C++ compiler):\n\n${stems.map((stem) => `    python export_${stem}.py`).join('\n')}`
    : '';
  return `With Python and the packages ${packages.join(', ')}:\n\n    ${line}${programs}`;
}
