import path from 'node:path';
import type { MadeSamples, SampleWish } from '../../core/contract/samples.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { plannedRun } from '../evaluation/planned-run.ts';
import { fail } from '../failures.ts';
import { readSoundIndex } from '../runs/sound-checkpoint.ts';
import type { CheckpointPosition } from '../runs/checkpoint-index.ts';
import { checkpointsFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { sampleRows } from './sample-rows.ts';

export interface SampleSettings {
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** Absent: the one the run was trained on. */
  readonly device?: string;
}

/** Images beside each other where there are no rows of classes. */
const side = 10;

/** What the generator of a run's last checkpoint makes of noise. */
export async function samplesOfRun(run: RunRow, wish: SampleWish, settings: SampleSettings): Promise<MadeSamples> {
  const { plan, classNames } = await plannedRun(run);
  const { openEngine, device = run.device } = settings;
  const rows = sampleRows(plan, wish);
  const { epoch, made } = await ofLastCheckpoint(run, (checkpoint) => {
    const job = { kind: 'samples', plan, device, checkpoint, wish } as const;
    return runInEngine(job, undefined, openEngine?.()).result;
  });
  return {
    epoch,
    rowNames: rows?.map((label) => classNames[label] ?? String(label)) ?? [],
    columns: rows === null ? Math.min(side, wish.count) : wish.count,
    frames: wish.walk?.frames ?? 1,
    imageShape: plan.inputShape,
    pixels: made,
  };
}

/** A run that is being trained may put a newer checkpoint in the place of the one that is read: then that one is. */
async function ofLastCheckpoint(
  run: RunRow,
  make: (directory: string) => Promise<Uint8Array>,
): Promise<{ readonly epoch: number; readonly made: Uint8Array }> {
  for (;;) {
    const last = await lastCheckpoint(run);
    try {
      return { epoch: last.epoch, made: await make(path.join(checkpointsFolder(run.id), last.directory)) };
    } catch (error) {
      if ((await lastCheckpoint(run)).directory === last.directory) throw error;
    }
  }
}

async function lastCheckpoint(run: RunRow): Promise<CheckpointPosition> {
  const index = await readSoundIndex(checkpointsFolder(run.id));
  return index?.last ?? fail('notFound', `The run ${run.id} has no checkpoint yet.`, { at: run.id });
}
