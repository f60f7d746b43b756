import path from 'node:path';
import { runInEngine } from '../engine/engine-host.ts';
import type { JudgedTestSet } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import { readProject } from '../projects/open-project.ts';
import { readCheckpointIndex } from '../runs/checkpoint-index.ts';
import type { CheckpointPosition } from '../runs/checkpoint-index.ts';
import { checkpointsFolder, readRunProject, runFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { planProject } from '../training/plan-project.ts';

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

/** Has the network of a run's checkpoint judge every test image. */
export async function judgeRun(run: RunRow, settings: JudgeSettings): Promise<JudgedRun> {
  const index = await readCheckpointIndex(checkpointsFolder(run.id));
  const checkpoint = index?.[settings.checkpoint];
  if (!checkpoint) fail('notFound', `The run ${run.id} has no ${settings.checkpoint} checkpoint yet.`, { at: run.id });
  const project = readProject(await readRunProject(run.id), runFolder(run.id));
  const { plan, classNames } = await planProject(project, { threads: run.threads, seed: run.seed });
  const engine = runInEngine({
    kind: 'predict',
    plan,
    device: settings.device ?? run.device,
    checkpoint: path.join(checkpointsFolder(run.id), checkpoint.directory),
    withMismatches: settings.withMismatches,
  });
  return { judged: await engine.result, checkpoint, classNames, inputShape: plan.inputShape };
}
