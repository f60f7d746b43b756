import { randomInt } from 'node:crypto';
import path from 'node:path';
import type { Project } from '../../core/project/project.ts';
import type { RateFinding, RateSweep } from '../../core/training/rate-finder.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { EngineRun, OpenEngine } from '../engine/engine-host.ts';
import type { FindRateJob } from '../engine/messages.ts';
import { fail } from '../failures.ts';
import { plannedRun, projectOfRun } from '../evaluation/planned-run.ts';
import { readSoundIndex } from '../runs/sound-checkpoint.ts';
import { checkpointsFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { knownPrecision, planInPrecision } from './precision-for.ts';
import { planProject } from './plan-project.ts';
import type { PlanSettings } from './plan-project.ts';

export interface RateSearch {
  /** With fresh weights, or as a run's last checkpoint left it; the run itself is not touched. */
  readonly subject: { readonly project: Project } | { readonly run: RunRow };
  readonly sweep: RateSweep;
  readonly device?: string;
  readonly threads?: number;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
}

/** Has an engine process of its own try rates. Told to stop, it answers with what it has. */
export async function startFindingRate(
  search: RateSearch,
  onFinding: (finding: RateFinding) => void,
): Promise<EngineRun<'findRate'>> {
  const job = await ('run' in search.subject
    ? jobOfRun(search, search.subject.run)
    : jobOfProject(search, search.subject.project));
  return runInEngine(
    job,
    (report) => {
      if (report.type === 'rateFinding') onFinding(report.finding);
    },
    search.openEngine?.(),
  );
}

async function jobOfProject({ sweep, device = 'auto', threads }: RateSearch, project: Project): Promise<FindRateJob> {
  const seed = project.recipe.seed ?? randomInt(2 ** 31);
  return {
    kind: 'findRate',
    plan: await planOf(project, { seed, device, ...(threads === undefined ? {} : { threads }) }),
    device,
    checkpoint: null,
    sweep,
  };
}

async function jobOfRun({ sweep, device, threads }: RateSearch, run: RunRow): Promise<FindRateJob> {
  const index = await readSoundIndex(checkpointsFolder(run.id));
  if (index === null) fail('notFound', `The run ${run.id} has no checkpoint to start from.`, { at: run.id });
  refuseAdversarial(await projectOfRun(run));
  const { plan } = await plannedRun({ ...run, threads: threads ?? run.threads });
  const checkpoint = path.join(checkpointsFolder(run.id), index.last.directory);
  return { kind: 'findRate', plan, device: device ?? run.device, checkpoint, sweep };
}

async function planOf(
  project: Project,
  { device, ...settings }: PlanSettings & { readonly device: string },
): Promise<FindRateJob['plan']> {
  refuseAdversarial(project);
  const { plan } = await planProject(project, settings);
  return planInPrecision(plan, await knownPrecision(project, plan, device));
}

function refuseAdversarial(project: Project): void {
  if (project.recipe.kind === 'supervised') return;
  fail(
    'badUsage',
    `The rate finder does not support adversarial training, because its losses do not measure progress.`,
    {
      at: 'recipe.kind',
    },
  );
}
