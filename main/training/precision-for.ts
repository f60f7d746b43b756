import { decideByRecipe, decidePrecision, isPrecisionOpen } from '../../core/training/decide-precision.ts';
import type { ComparedPrecisions, PrecisionDecision } from '../../core/training/decide-precision.ts';
import type { Project } from '../../core/project/project.ts';
import type { Plan } from '../../core/training/plan.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { failureOf } from '../failures.ts';
import { precisionKey, rememberedPrecision, rememberPrecision } from './remembered-precisions.ts';

interface DecidingEngine {
  /** As asked for. */
  readonly device: string;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
}

/**
 * What a project is to be trained in on this machine; null: its recipe says that. An engine process of its own measures
 * some steps, unless that was done before: it must not touch what the training draws.
 */
export async function precisionFor(
  project: Project,
  plan: Plan,
  { device, openEngine }: DecidingEngine,
): Promise<PrecisionDecision | null> {
  if (!isPrecisionOpen(project)) return null;
  const known = await knownPrecision(project, plan, device);
  if (known !== null) return known;
  const { schedule, epochs } = project.recipe;
  const job = { kind: 'comparePrecisions', plan, device, schedule, epochs } as const;
  const compared = await runInEngine(job, undefined, openEngine?.()).result.catch(failed);
  const decision = decidePrecision(compared);
  // What failed may work next time.
  if (compared.kind !== 'failed') await rememberPrecision(await precisionKey(plan, device), decision);
  return decision;
}

/** Likewise as far as it is known without measuring, for whoever takes but a few steps; null also where it is not. */
export async function knownPrecision(project: Project, plan: Plan, device: string): Promise<PrecisionDecision | null> {
  if (!isPrecisionOpen(project)) return null;
  return decideByRecipe(project.recipe) ?? (await rememberedPrecision(await precisionKey(plan, device)));
}

/** Null: the plan's own. */
export function planInPrecision(plan: Plan, decision: PrecisionDecision | null): Plan {
  return decision === null ? plan : { ...plan, training: { ...plan.training, precision: decision.precision } };
}

/** Where not even the training can begin, it says so itself. */
function failed(error: unknown): ComparedPrecisions {
  const failure = failureOf(error);
  if (failure === null) throw error;
  return { kind: 'failed', message: failure.message };
}
