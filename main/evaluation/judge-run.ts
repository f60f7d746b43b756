import path from 'node:path';
import { runInEngine } from '../engine/engine-host.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import type { JudgedTestSet } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import { readProject } from '../projects/open-project.ts';
import { readCheckpointIndex } from '../runs/checkpoint-index.ts';
import type { CheckpointPosition } from '../runs/checkpoint-index.ts';
import { checkpointsFolder, readRunProject, runFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { planProject } from '../training/plan-project.ts';
import type { PlannedProject } from '../training/plan-project.ts';
import type { FoundMismatches } from './find-mismatches.ts';

export interface JudgeSettings {
  readonly checkpoint: 'last' | 'best';
  /** Absent: the one the run was trained on. */
  readonly device?: string;
  readonly withMismatches: boolean;
}

export interface JudgedRun {
  readonly judged: JudgedTestSet;
  readonly checkpoint: CheckpointPosition;
  readonly classNames: readonly string[];
  /** [channels, height, width]. */
  readonly inputShape: readonly number[];
}

export interface JudgedMismatches extends Omit<JudgedRun, 'judged'> {
  readonly mismatches: FoundMismatches;
}

/** The surest errors of a run's checkpoint, with pixels. */
export async function judgeMismatches(
  run: RunRow,
  settings: { readonly checkpoint: 'last' | 'best'; readonly limit: number; readonly openEngine: OpenEngine },
): Promise<JudgedMismatches> {
  const { checkpoint, directory, plan, classNames } = await prepare(run, settings.checkpoint);
  const { limit } = settings;
  const job = { kind: 'mismatches', plan, device: run.device, checkpoint: directory, limit } as const;
  const engine = runInEngine(job, undefined, settings.openEngine());
  return { mismatches: await engine.result, checkpoint, classNames, inputShape: plan.inputShape };
}

/** Has the network of a run's checkpoint judge every test image. */
export async function judgeRun(run: RunRow, settings: JudgeSettings): Promise<JudgedRun> {
  const { checkpoint, directory, plan, classNames } = await prepare(run, settings.checkpoint);
  const engine = runInEngine({
    kind: 'predict',
    plan,
    device: settings.device ?? run.device,
    checkpoint: directory,
    withMismatches: settings.withMismatches,
  });
  return { judged: await engine.result, checkpoint, classNames, inputShape: plan.inputShape };
}

interface Prepared extends PlannedProject {
  readonly checkpoint: CheckpointPosition;
  /** Where the checkpoint lies. */
  readonly directory: string;
}

async function prepare(run: RunRow, which: 'last' | 'best'): Promise<Prepared> {
  const index = await readCheckpointIndex(checkpointsFolder(run.id));
  const checkpoint = index?.[which];
  if (!checkpoint) fail('notFound', `The run ${run.id} has no ${which} checkpoint yet.`, { at: run.id });
  const project = readProject(await readRunProject(run.id), runFolder(run.id));
  const planned = await planProject(project, { threads: run.threads, seed: run.seed });
  return { ...planned, checkpoint, directory: path.join(checkpointsFolder(run.id), checkpoint.directory) };
}
