import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readmeText } from '../../core/export/readme.ts';
import type { ExportRecord } from '../../core/export/record.ts';
import type { ExportFormat, ExportSubject } from '../../core/export/subject.ts';
import { serialiseProject } from '../../core/project/serialise.ts';
import { replaceFile } from '../files.ts';
import { ownVersion } from '../runs/runs.ts';
import type { WrittenModel } from './exporter.ts';

const checksums = 'SHA256SUMS';

/** Puts README, project and check sums beside the model. */
export async function describeExport(
  subject: ExportSubject,
  format: ExportFormat,
  written: WrittenModel,
  folder: string,
): Promise<ExportRecord> {
  const files = [
    ...written.files,
    { name: 'export.json', about: 'class names, normalisation, accuracy and proof, for programs' },
    { name: 'project.json', about: 'the project as it was trained: Torchwright opens and trains it' },
  ];
  const version = await ownVersion();
  await replaceFile(path.join(folder, 'project.json'), serialiseProject(subject.project));
  await replaceFile(path.join(folder, 'README.md'), readmeText(subject, format, { ...written, files }, version));
  const sized = await Promise.all(
    written.files.map(async (file) => ({ ...file, bytes: (await summed(path.join(folder, file.name))).bytes })),
  );
  const record: ExportRecord = {
    format: 'torchwright-export',
    version: 1,
    model: format,
    run: subject.run,
    project: subject.project.name,
    checkpoint: subject.checkpoint,
    made: new Date().toISOString(),
    torchwright: version,
    classNames: subject.classNames,
    columnNames: subject.columnNames,
    targetNames: subject.targetNames,
    targetScaling: subject.targetMapping,
    preprocessing: subject.preprocessing,
    networks: subject.networks.map(({ name, inputs, outputs }) => ({
      name,
      inputs: inputs.map((input) => ({ name: input.name, shape: input.samples.shape.slice(1) })),
      outputs: outputs.map(({ shape }) => shape.slice(1)),
    })),
    measured: subject.measured,
    ...(written.leftInFloat === undefined ? {} : { leftInFloat: written.leftInFloat }),
    proofs: written.proofs,
    files: sized,
  };
  await replaceFile(path.join(folder, 'export.json'), `${JSON.stringify(record, null, 2)}\n`);
  const names = (await readdir(folder)).sort();
  const lines = await Promise.all(
    names.map(async (name) => `${(await summed(path.join(folder, name))).sum}  ${name}\n`),
  );
  await replaceFile(path.join(folder, checksums), lines.join(''));
  return record;
}

async function summed(file: string): Promise<{ readonly sum: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  const stream = createReadStream(file);
  await pipeline(stream, hash);
  return { sum: hash.digest('hex'), bytes: stream.bytesRead };
}
