import type { Failure } from '../failure.ts';
import { resolveNetwork } from '../network/resolve.ts';
import type { Resolution } from '../network/resolve.ts';
import type { Project } from '../project/project.ts';
import { refuseMisfittingAugment } from './check-augment.ts';
import { refuseMisfittingInitialisers } from './check-initialisers.ts';
import { refuseMisfittingLoss } from './check-loss.ts';
import { networkInputs } from '../project/network-inputs.ts';
import { checkAdversarial } from './check-adversarial.ts';
import { failuresOf } from './failures-of.ts';
import { planNormalise } from './plan-normalise.ts';
import { planOptimizer } from './plan-optimizer.ts';

/**
 * Everything in a project that does not go with samples of this shape and this many classes. `resolution`: of its
 * network for such samples, where that is known already.
 */
export function checkAgainstData(
  project: Project,
  facts: { readonly inputShape: readonly number[]; readonly classes: number },
  resolution: Resolution = resolveNetwork(
    project.networks.main,
    project.blocks ?? {},
    networkInputs(project, 'main', facts.inputShape),
  ),
): readonly Failure[] {
  const { recipe, data } = project;
  const checks = [
    () => planNormalise(data.normalise, facts.inputShape[0]!),
    () => refuseMisfittingAugment(data.augment ?? {}, facts.inputShape),
  ];
  if (!resolution.ok) return [...resolution.failures, ...failuresOf(checks)];
  const { network } = resolution;
  if (recipe.kind === 'adversarial')
    return [...failuresOf(checks), ...checkAdversarial(project, recipe, facts, network)];
  return failuresOf([
    ...checks,
    () => refuseMisfittingLoss(recipe.loss, network.output, facts.classes),
    () => refuseMisfittingInitialisers(network),
    () => planOptimizer(recipe.optimizer, network),
  ]);
}
