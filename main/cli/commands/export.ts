import path from 'node:path';
import { leftInFloatText } from '../../../core/export/onnx/left-in-float.ts';
import type { ExportFormat } from '../../../core/export/subject.ts';
import { proofText } from '../../../core/export/readme.ts';
import { projectOfRun } from '../../evaluation/planned-run.ts';
import type { CheckpointChoice } from '../../exports/choose-checkpoint.ts';
import { exportRun } from '../../exports/export-run.ts';
import type { ExportOptions } from '../../exports/exporter.ts';
import { RunIndex } from '../../runs/run-index.ts';
import { findRun } from '../../runs/runs.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count } from '../format.ts';
import type { Output } from '../output.ts';

export interface ExportSettings extends ExportOptions {
  readonly format: ExportFormat;
  readonly checkpoint: CheckpointChoice;
  readonly out: string;
}

export async function exportModel(output: Output, name: string, settings: ExportSettings): Promise<ExitCode> {
  const { format, checkpoint, out, ...options } = settings;
  const index = await RunIndex.open();
  try {
    const run = await findRun(index, name);
    output.project = await projectOfRun(run);
    const folder = path.resolve(out);
    const onProgress = (doing: string): void => {
      if (output.isJson) output.json({ event: 'exporting', run: run.id, doing });
    };
    const record = await exportRun(index, run, { format, checkpoint, options, out: folder, onProgress });
    if (output.isJson) {
      output.json({ event: 'exported', folder, ...record });
      return exitCodes.done;
    }
    output.line(`${run.id}, ${checkpoint} checkpoint, exported to ${folder}`);
    for (const { name: file, about, bytes } of record.files) output.line(`  ${file}  ${count(bytes)} bytes, ${about}`);
    const left = leftInFloatText(record.leftInFloat ?? []);
    if (left !== null) output.line(left);
    for (const proof of record.proofs) output.line(proofText(proof).replace(/^- /, ''));
    return exitCodes.done;
  } finally {
    index.close();
  }
}
