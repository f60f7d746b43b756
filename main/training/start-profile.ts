import { projectFacts } from '../../core/project/project-facts.ts';
import type { Project } from '../../core/project/project.ts';
import { rateOfEachStep } from '../../core/schedule/rates.ts';
import { choiceFacts, explainProfile } from '../../core/training/explain-choices.ts';
import type { ExplainedProfile } from '../../core/training/explain-choices.ts';
import { stepProfile } from '../../core/training/step-profile.ts';
import type { ProfiledSteps } from '../../core/training/step-profile.ts';
import type { NetworkName } from '../../core/network/tree.ts';
import type { OnProgress } from '../datasets/progress.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { EngineRun, OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';
import { defaultThreads } from '../threads.ts';
import { knownPrecision, planInPrecision } from './precision-for.ts';
import { planProject } from './plan-project.ts';

export interface ProfileQuestion {
  readonly project: Project;
  readonly device: string;
  readonly threads?: number;
  readonly take: ProfiledSteps;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** Told while data of one's own are read. */
  readonly onProgress?: OnProgress;
}

/** Stopped, it still answers with the steps that were measured until then. */
export interface RunningProfile {
  readonly engine: EngineRun<'profile'>;
  readonly result: Promise<ExplainedProfile>;
}

/** Has an engine process of its own train some steps and tell where their time goes. */
export async function startProfile(question: ProfileQuestion): Promise<RunningProfile> {
  const { project, device, threads, take, openEngine, onProgress } = question;
  const { recipe } = project;
  const planned = await planProject(project, {
    seed: recipe.seed ?? 0,
    ...(threads === undefined ? {} : { threads }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const { located } = planned;
  const precision = await knownPrecision(project, planned.plan, device);
  const plan = planInPrecision(planned.plan, precision);
  // What a step takes does not depend on its rate: that of the first one, of however many there are.
  const first = (schedule: Parameters<typeof rateOfEachStep>[0]): number =>
    rateOfEachStep(schedule, { epochs: recipe.epochs, stepsPerEpoch: 1 })(0, 0);
  const learningRate = first(recipe.schedule);
  const own = recipe.kind === 'adversarial' ? recipe.discriminatorSchedule : undefined;
  const discriminatorRate = own === undefined ? learningRate : first(own);
  const { inputShape } = located;
  const known = choiceFacts(project, inputShape, {
    threadsAsked: threads ?? null,
    threadsByDefault: await defaultThreads(),
    precision,
  });
  const job = { kind: 'profile', plan, device, learningRate, discriminatorRate, take } as const;
  const engine = runInEngine(job, undefined, openEngine?.());
  const names: readonly NetworkName[] =
    project.networks.discriminator === undefined ? ['main'] : ['main', 'discriminator'];
  const facts = new Map(names.map((name) => [name, projectFacts(project, inputShape, name)] as const));
  const result = engine.result.then((measured) => {
    const profile = stepProfile(project, facts, measured);
    if (profile !== null) return { ...profile, choices: explainProfile(project, profile, known) };
    if (measured.times.state === 'interrupted')
      return fail('cancelled', 'The profile was cancelled before its first step.');
    return fail('diverged', 'The loss of the first steps is infinite or NaN, so there is no step to profile.', {
      advice: 'Lower the learning rate of recipe.schedule.',
    });
  });
  return { engine, result };
}
