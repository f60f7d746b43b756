import { engineOptions } from '../catalogue/derive/decide.ts';
import { muon } from '../catalogue/optimizers/muon.ts';
import { optimizerType } from '../catalogue/optimizers/optimizers.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { AdversarialRecipe, Optimizer } from '../project/project.ts';
import { groupParameters } from './parameter-groups.ts';
import type { TakenParameters, TrainedParameter } from './parameter-groups.ts';
import type { PlanTraining } from './plan.ts';

type PlanOptimizer = PlanTraining['optimizer'];
type PlanGroup = PlanOptimizer['groups'][number];

/** Throws a FailureError for a group that names nothing, and where nothing is left to train. `at` is the optimizer's place. */
export function planOptimizer(optimizer: Optimizer, network: ResolvedNode, at = 'recipe.optimizer'): PlanOptimizer {
  return {
    type: optimizer.type,
    options: engineOptions(optimizerType(optimizer.type).options, optimizer),
    groups: groupParameters(network, optimizer.groups ?? [], `${at}.groups`).flatMap((group) =>
      planGroups(optimizer, group),
    ),
  };
}

/** Of the second of two networks: its own, or else the generator's. */
export function planDiscriminatorOptimizer(recipe: AdversarialRecipe, discriminator: ResolvedNode): PlanOptimizer {
  const { optimizer, discriminatorOptimizer } = recipe;
  if (discriminatorOptimizer === undefined) return planOptimizer(optimizer, discriminator);
  return planOptimizer(discriminatorOptimizer, discriminator, 'recipe.discriminatorOptimizer');
}

/** One group, divided where decay or Muon treat its parameters differently. */
function planGroups(optimizer: Optimizer, taken: TakenParameters): readonly PlanGroup[] {
  const { parameters, learningRateFactor, weightDecay, untilEpoch, wholeSchedule, byMuon = true } = taken;
  const decay = weightDecay ?? optimizer.weightDecay ?? optimizerType(optimizer.type).weightDecay ?? 0;
  const isDecayed = (parameter: TrainedParameter) =>
    weightDecay !== undefined || optimizer.decayOnlyWeights !== true || parameter.kind === 'weight';
  const groups = new Map<string, { readonly settings: Omit<PlanGroup, 'parameters'>; readonly names: string[] }>();
  for (const parameter of parameters) {
    const settings: Omit<PlanGroup, 'parameters'> = {
      learningRateFactor,
      weightDecay: isDecayed(parameter) ? decay : 0,
      ...(untilEpoch === undefined ? {} : { untilEpoch, ...(wholeSchedule === true ? { wholeSchedule } : {}) }),
      ...(optimizer.type === 'Muon'
        ? { method: byMuon && isByMuon(parameter) ? 'Muon' : (optimizer.others ?? muon.options.others.default) }
        : {}),
    };
    const key = JSON.stringify(settings);
    const group = groups.get(key) ?? { settings, names: [] };
    groups.set(key, group);
    // Added to the list, not to a copy of it: with copies the time grows with the square of the layers.
    group.names.push(parameter.name);
  }
  return [...groups.values()].map(({ settings, names }) => ({ ...settings, parameters: names }));
}

/** Tables of embeddings are no matrices that act on a vector; Jordan leaves them, biases and norms to AdamW. */
function isByMuon({ kind, shape, layer }: TrainedParameter): boolean {
  return kind === 'weight' && shape.length >= 2 && !layer.includes('Embedding');
}
