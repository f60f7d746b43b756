import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { resolveProject } from '../project/project-facts.ts';
import type { AdversarialRecipe, Project } from '../project/project.ts';
import { checkAdversarial } from './check-adversarial.ts';
import { planLoss } from './plan-loss.ts';
import { planNetwork } from './plan-network.ts';
import { planDiscriminatorOptimizer, planOptimizer } from './plan-optimizer.ts';
import type { PlanAdversarial, PlanTraining } from './plan.ts';

/** What the generator is trained by; `loss` judges what the discriminator says. */
export function planGenerator(recipe: AdversarialRecipe, generator: ResolvedNode): PlanTraining {
  return {
    loss: planLoss(recipe.loss),
    optimizer: planOptimizer(recipe.optimizer, generator),
    batchSize: recipe.batchSize,
    evaluateBatchSize: recipe.batchSize,
    evaluateViews: 'plain',
    accumulate: 1,
    dropLast: false,
    clip: null,
    precision: 'float32',
    lossScale: null,
    channelsLast: null,
    averaging: null,
  };
}

/** The other side. Throws a FailureError for what does not go together. */
export function planAdversarial(
  project: Project,
  recipe: AdversarialRecipe,
  facts: { readonly inputShape: Shape },
  generator: ResolvedNode,
): PlanAdversarial {
  const [failure] = checkAdversarial(project, recipe, facts, generator);
  if (failure !== undefined) throw new FailureError(failure);
  const resolution = resolveProject(project, facts.inputShape, 'discriminator');
  if (!resolution.ok) throw new FailureError(resolution.failures[0]!);
  return {
    discriminator: planNetwork(resolution.network),
    noise: recipe.noise,
    conditional: recipe.conditional ?? false,
    realTargets: recipe.realTargets ?? [1, 1],
    optimizer: planDiscriminatorOptimizer(recipe, resolution.network),
    iterations: recipe.iterations ?? null,
  };
}
