import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { ExportRecord } from '../../core/export/record.ts';
import type { ExportFormat, ExportSubject } from '../../core/export/subject.ts';
import { planNetwork } from '../../core/training/plan-network.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { fail, isErrorWithCode, withFile } from '../failures.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';
import type { CheckpointChoice } from './choose-checkpoint.ts';
import { describeExport } from './describe-export.ts';
import type { ExportContext, ExportOptions } from './exporter.ts';
import { exporters } from './exporters.ts';
import { oneSample } from './some-samples.ts';
import { prepareSubject } from './prepare-subject.ts';
import { removeLeftovers, withPartFolder, withScratch } from './scratch.ts';
import { refuseStopped, runUntilStopped } from './stoppable.ts';

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly checkpoint: CheckpointChoice;
  readonly options: ExportOptions;
  /** The folder to be made; it must be empty or not there. */
  readonly out: string;
  /** An export that lies there already gives way. */
  readonly replaces?: boolean;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  readonly stop?: AbortSignal;
  readonly onProgress?: (doing: string) => void;
}

/** Writes an export and has its consumer read it. The folder is there whole or not at all. */
export async function exportRun(index: RunIndex, run: RunRow, request: ExportRequest): Promise<ExportRecord> {
  const { out, replaces = false } = request;
  if (!replaces) await refuseFullFolder(out);
  await removeLeftovers(out);
  return withPartFolder(out, async (folder) => {
    const record = await withScratch('export', (scratch) => writeExport(index, run, request, folder, scratch));
    await putInPlace(folder, out, replaces);
    return record;
  });
}

async function writeExport(
  index: RunIndex,
  run: RunRow,
  request: ExportRequest,
  folder: string,
  scratch: string,
): Promise<ExportRecord> {
  const { out, stop = new AbortController().signal, onProgress = () => undefined } = request;
  try {
    onProgress('reading the checkpoint and running the test samples');
    const subject = await prepareSubject(index, run, request, scratch, stop);
    const context: ExportContext = {
      folder,
      weightsFile: (network) => path.join(scratch, `${network.name}.safetensors`),
      options: request.options,
      stop,
      ...(request.openEngine === undefined ? {} : { openEngine: request.openEngine }),
      onProgress: (doing) => {
        refuseStopped(stop);
        onProgress(doing);
      },
      traceSample: (network, sample) => traceSample(network, sample, scratch, stop, request.openEngine),
    };
    const written = await withFile(out, () => exporters[request.format](subject, context));
    context.onProgress('describing it');
    const record = await describeExport(subject, request.format, written, folder);
    refuseStopped(stop);
    return record;
  } catch (error) {
    // Whatever was interrupted says it in its own way.
    refuseStopped(stop);
    throw error;
  }
}

async function traceSample(
  network: ExportSubject['networks'][number],
  sample: number,
  scratch: string,
  stop: AbortSignal,
  openEngine: OpenEngine | undefined,
): ReturnType<ExportContext['traceSample']> {
  const inputs = network.inputs.map(({ samples }) => oneSample(samples, sample));
  const weights = path.join(scratch, `${network.name}.safetensors`);
  const job = { kind: 'trace', network: planNetwork(network.resolved), weights, inputs } as const;
  return (await runUntilStopped(job, stop, openEngine)).modules;
}

async function refuseFullFolder(out: string): Promise<void> {
  const inside = await withFile(out, () => readdir(out).catch(ignoreMissing));
  if (inside !== undefined && inside.length > 0) {
    fail('badUsage', `${out} is not empty.`, { at: out, advice: 'Choose a folder that does not exist yet.' });
  }
}

function ignoreMissing(error: unknown): undefined {
  if (!isErrorWithCode(error, 'ENOENT')) throw error;
}

async function putInPlace(folder: string, out: string, replaces: boolean): Promise<void> {
  await withFile(out, async () => {
    if (replaces) await rm(out, { recursive: true, force: true });
    else await rmdir(out).catch(ignoreMissing);
    await rename(folder, out);
  });
}
