import { outputMeaning } from '../catalogue/losses/output-meaning.ts';
import type { Loss, Project } from '../project/project.ts';
import type { Plan } from './plan.ts';

/** Of the training samples, one figure for each target. */
export interface TargetStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** How a network's output becomes the targets: output · scale + offset, for each target. */
export interface TargetScaling {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** How a network's output becomes the targets; `exponential`: it gives their logarithms, as PoissonNLL wants it. */
export type TargetMapping = TargetScaling | 'exponential';

/** Null: the output is the targets. */
export function targetMapping({ data, training }: Pick<Plan, 'data' | 'training'>): TargetMapping | null {
  if (data.targets === undefined) return null;
  return outputMeaning(training.loss) === 'logarithmsOfValues' ? 'exponential' : (data.targetScaling ?? null);
}

/** The targets that a network's output stands for: row-major samples × targets. */
export function targetsOf(output: Float32Array, mapping: TargetMapping | null): Float32Array {
  if (mapping === null) return output;
  return mapping === 'exponential' ? output.map(Math.exp) : inTargetUnits(output, mapping);
}

/**
 * The scaling that undoes the standardisation of targets; null: the network learns them as they are. Targets of
 * PoissonNLL are counts, and stay counts.
 */
export function planTargetScaling(
  project: Pick<Project, 'data' | 'recipe'>,
  statistics: TargetStatistics | undefined,
): TargetScaling | null {
  if (statistics === undefined || !standardisesTargets(project)) return null;
  return { scale: statistics.std.map(notZero), offset: statistics.mean };
}

/** Of a regression. */
export function standardisesTargets({ data, recipe }: Pick<Project, 'data' | 'recipe'>): boolean {
  return data.standardiseTargets !== false && recipe.kind === 'supervised' && !takesCounts(recipe.loss);
}

function takesCounts(loss: Loss): boolean {
  return loss.type === 'PoissonNLL';
}

/** By which a target is divided: one that is the same everywhere becomes 0. */
export function notZero(deviation: number): number {
  return deviation === 0 ? 1 : deviation;
}

/** A run's project: one made before targets were standardised says nothing of it, and was trained without. */
export function asTrained(project: Project): Project {
  const { data } = project;
  return data.standardiseTargets === undefined ? { ...project, data: { ...data, standardiseTargets: false } } : project;
}

/** For the run's folder: says whether its targets are standardised, whatever the default will be. */
export function withTargetsDecided(
  project: Project,
  plan: { readonly targets?: number; readonly targetScaling?: TargetScaling },
): Project {
  if (plan.targets === undefined) return project;
  return { ...project, data: { ...project.data, standardiseTargets: plan.targetScaling !== undefined } };
}

/** Row-major samples × targets, in units of the targets. */
export function inTargetUnits(values: Float32Array, { scale, offset }: TargetScaling): Float32Array {
  const targets = scale.length;
  return values.map((value, index) => value * scale[index % targets]! + offset[index % targets]!);
}
