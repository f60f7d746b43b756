import path from 'node:path';
import type { Plan } from '../../core/training/plan.ts';
import { testViews } from '../../core/training/test-views.ts';
import type { TestView } from '../../core/training/test-views.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { Weights } from '../engine/addon.ts';
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
  /** Absent: the average, where there is one. */
  readonly weights?: Weights;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** Absent: the one the run was trained on. */
  readonly device?: string;
  readonly withMismatches: boolean;
  /** Also average over at most so many views of each image, as many as the recipe's augmentation makes; absent: no. */
  readonly views?: number;
}

export interface JudgedRun {
  readonly judged: JudgedTestSet;
  /** What was averaged over; empty: nothing. */
  readonly views: readonly TestView[];
  readonly checkpoint: CheckpointPosition;
  readonly classNames: readonly string[];
  /** [channels, height, width]. */
  readonly inputShape: readonly number[];
}

export interface JudgedMismatches extends Omit<JudgedRun, 'judged' | 'views'> {
  readonly mismatches: FoundMismatches;
}

/** The surest errors of a run's checkpoint, with pixels. */
export async function judgeMismatches(
  run: RunRow,
  settings: Pick<JudgeSettings, 'checkpoint' | 'weights'> & { readonly limit: number; readonly openEngine: OpenEngine },
): Promise<JudgedMismatches> {
  const { limit, openEngine } = settings;
  const choice = chosenWeights(settings);
  return ofCheckpoint(run, settings.checkpoint, async ({ checkpoint, directory, plan, classNames }) => {
    const job = { kind: 'mismatches', plan, device: run.device, checkpoint: directory, ...choice, limit } as const;
    const mismatches = await runInEngine(job, undefined, openEngine()).result;
    return { mismatches, checkpoint, classNames, inputShape: plan.inputShape };
  });
}

/** Has the network of a run's checkpoint judge every test image. */
export async function judgeRun(run: RunRow, settings: JudgeSettings): Promise<JudgedRun> {
  const { device = run.device, withMismatches } = settings;
  return ofCheckpoint(run, settings.checkpoint, async ({ checkpoint, directory, plan, classNames }) => {
    const views = settings.views === undefined ? [] : viewsOf(run.id, plan, settings.views);
    const choice = chosenWeights(settings);
    const job = { kind: 'predict', plan, device, checkpoint: directory, ...choice, views, withMismatches } as const;
    const judged = await runInEngine(job, undefined, settings.openEngine?.()).result;
    return { judged, views, checkpoint, classNames, inputShape: plan.inputShape };
  });
}

function chosenWeights({ weights }: Pick<JudgeSettings, 'weights'>): Pick<JudgeSettings, 'weights'> {
  return weights === undefined ? {} : { weights };
}

function viewsOf(run: string, plan: Plan, most: number): readonly TestView[] {
  const views = testViews(plan.data.augment).slice(0, most);
  if (views.length < 2) {
    fail('badUsage', `The recipe of ${run} neither crops nor flips its images: a test image has one view only.`, {
      at: run,
      advice: 'Test-time augmentation averages over what training does to the images (data.augment).',
    });
  }
  return views;
}

/** A run that is being trained may put a newer checkpoint in the place of the one that is read: then that one is. */
async function ofCheckpoint<Judged>(
  run: RunRow,
  kind: 'last' | 'best',
  judge: (prepared: Prepared) => Promise<Judged>,
): Promise<Judged> {
  for (;;) {
    const prepared = await prepare(run, kind);
    try {
      return await judge(prepared);
    } catch (error) {
      if ((await prepare(run, kind)).directory === prepared.directory) throw error;
    }
  }
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
