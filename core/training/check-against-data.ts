import { resolveNetwork } from '../network/resolve.ts';
import type { Resolution } from '../network/resolve.ts';
import { FailureError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import type { DataFacts } from '../project/known-data.ts';
import type { AdversarialRecipe, Project } from '../project/project.ts';
import { refuseMisfittingAugment } from './check-augment.ts';
import { refuseSingleValues } from './check-batches.ts';
import { refuseMisfittingInitialisers } from './check-initialisers.ts';
import { refuseMisfittingLoss } from './check-loss.ts';
import { refuseUnboundedOutput } from './check-output-of-loss.ts';
import { refuseMisfittingRegression } from './check-regression.ts';
import { refuseScaledIndices } from './check-whole-numbers.ts';
import { refuseMisfittingViews, refuseViewsWithState } from './check-views.ts';
import { networkInputs } from '../project/network-inputs.ts';
import { checkAdversarial } from './check-adversarial.ts';
import { failuresOf } from './failures-of.ts';
import { planNormalise } from './plan-normalise.ts';
import { planOptimizer } from './plan-optimizer.ts';

/**
 * Everything in a project that does not go with its data: the one place for it. The window asks here while the project
 * is edited, `makePlan` before a training. `resolution`: of its network for such samples, where that is known already.
 */
export function checkAgainstData(
  project: Project,
  facts: DataFacts,
  resolution: Resolution = resolveNetwork(
    project.networks.main,
    project.blocks ?? {},
    networkInputs(project, 'main', facts.inputShape),
  ),
): readonly Failure[] {
  const { recipe, data } = project;
  const checks = [
    () => planNormalise(data.normalise, facts.inputShape[0]!, facts.values),
    () => refuseMisfittingAugment(data.augment ?? {}, facts.inputShape, facts.values),
    () => refuseMisfittingViews(recipe, facts.inputShape, facts.values),
    () => (recipe.kind === 'adversarial' ? refuseWithoutClasses(recipe, facts.classes) : undefined),
  ];
  if (!resolution.ok) return [...resolution.failures, ...failuresOf(checks)];
  const { network } = resolution;
  if (recipe.kind === 'adversarial')
    return [...failuresOf(checks), ...checkAdversarial(project, recipe, facts, network)];
  return failuresOf([
    ...checks,
    () =>
      facts.targets === undefined
        ? refuseMisfittingLoss(recipe.loss, network.output, facts.classes)
        : refuseMisfittingRegression(recipe.loss, network.output, facts.targets),
    () => refuseUnboundedOutput(recipe.loss, network),
    () => refuseScaledIndices(data.normalise, network),
    () => refuseMisfittingInitialisers(network),
    () => planOptimizer(recipe.optimizer, network),
    () => refuseViewsWithState(recipe, network),
    () => refuseSingleValues(project, [network], facts.trainSamples),
  ]);
}

function refuseWithoutClasses({ conditional }: AdversarialRecipe, classes: number): void {
  if (conditional !== true || classes > 0) return;
  throw new FailureError({
    code: 'badProject',
    message: 'recipe.conditional needs data with classes; these data have none.',
    at: 'recipe.conditional',
  });
}
