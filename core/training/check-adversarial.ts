import { formatShape, sameShape } from '../catalogue/shape.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { resolveNetwork } from '../network/resolve.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { networkInputs } from '../project/network-inputs.ts';
import type { AdversarialRecipe, Project } from '../project/project.ts';
import { refuseSingleValues } from './check-batches.ts';
import { refuseInitialisersOfSamples } from './check-initialisers.ts';
import { failuresOf } from './failures-of.ts';
import { planDiscriminatorOptimizer, planOptimizer } from './plan-optimizer.ts';

/** What does not go together in a project of two networks: the generator makes images as the data has, the discriminator one number of each. */
export function checkAdversarial(
  project: Project,
  recipe: AdversarialRecipe,
  facts: { readonly inputShape: Shape; readonly trainSamples?: number },
  generator: ResolvedNode,
): readonly Failure[] {
  const { networks, blocks = {} } = project;
  const inputs = networkInputs(project, 'discriminator', facts.inputShape);
  const resolution = resolveNetwork(networks.discriminator!, blocks, inputs, { name: 'discriminator' });
  const ofGenerator = [
    () => refuseOtherOutput(generator.output, facts.inputShape, 'networks.main', 'make images of'),
    () => planOptimizer(recipe.optimizer, generator),
    () => refuseInitialisersOfSamples(generator),
  ];
  if (!resolution.ok) return [...failuresOf(ofGenerator), ...resolution.failures];
  const discriminator = resolution.network;
  return failuresOf([
    ...ofGenerator,
    () => refuseOtherOutput(discriminator.output, [1], 'networks.discriminator', 'give'),
    () => planDiscriminatorOptimizer(recipe, discriminator),
    () => refuseInitialisersOfSamples(discriminator),
    () => refuseSingleValues(project, [generator, discriminator], facts.trainSamples),
  ]);
}

function refuseOtherOutput(output: Shape, wanted: Shape, at: string, must: string): void {
  if (sameShape(output, wanted)) return;
  throw new FailureError({
    code: 'badNetwork',
    message: `The network at ${at} gives ${formatShape(output)} for each sample; it must ${must} ${formatShape(wanted)}.`,
    at,
  });
}
