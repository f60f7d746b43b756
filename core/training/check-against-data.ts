import { FailureError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { resolveNetwork } from '../network/resolve.ts';
import type { Project } from '../project/project.ts';
import { refuseMisfittingAugment } from './check-augment.ts';
import { refuseMisfittingLoss } from './check-loss.ts';
import { planNormalise } from './plan-normalise.ts';
import { planOptimizer } from './plan-optimizer.ts';

/** Everything in a project that does not go with samples of this shape and this many classes. */
export function checkAgainstData(
  project: Project,
  facts: { readonly inputShape: readonly number[]; readonly classes: number },
): readonly Failure[] {
  const { recipe, data } = project;
  const checks = [
    () => planNormalise(data.normalise, facts.inputShape[0]!),
    () => refuseMisfittingAugment(data.augment ?? {}, facts.inputShape),
  ];
  const resolution = resolveNetwork(project.networks.main, project.blocks ?? {}, [facts.inputShape]);
  if (!resolution.ok) return [...resolution.failures, ...failuresOf(checks)];
  const { network } = resolution;
  return failuresOf([
    ...checks,
    () => refuseMisfittingLoss(recipe.loss, network.output, facts.classes),
    () => planOptimizer(recipe.optimizer, network),
  ]);
}

function failuresOf(checks: readonly (() => unknown)[]): readonly Failure[] {
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof FailureError) return [error.failure];
      throw error;
    }
  });
}
