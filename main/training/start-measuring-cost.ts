import type { Project } from '../../core/project/project.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { EngineRun, OpenEngine } from '../engine/engine-host.ts';
import { knownPrecision, planInPrecision } from './precision-for.ts';
import { planProject } from './plan-project.ts';

export interface CostQuestion {
  readonly project: Project;
  readonly device: string;
  readonly threads?: number;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
}

/** Has an engine process of its own train a few steps, to tell what the whole will cost. */
export async function startMeasuringCost(question: CostQuestion): Promise<EngineRun<'measureCost'>> {
  const { project, device, threads } = question;
  const { recipe } = project;
  const planned = await planProject(project, {
    seed: recipe.seed ?? 0,
    ...(threads === undefined ? {} : { threads }),
  });
  const plan = planInPrecision(planned.plan, await knownPrecision(project, planned.plan, device));
  const job = { kind: 'measureCost', plan, device, schedule: recipe.schedule, epochs: recipe.epochs } as const;
  return runInEngine(job, undefined, question.openEngine?.());
}
