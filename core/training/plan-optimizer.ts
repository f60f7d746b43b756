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
    options: optimizerOptions(optimizer),
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
  const { parameters, learningRateFactor, weightDecay } = taken;
  const decay = weightDecay ?? optimizer.weightDecay ?? standardWeightDecay(optimizer.type);
  const isDecayed = (parameter: TrainedParameter) =>
    weightDecay !== undefined || optimizer.decayOnlyWeights !== true || parameter.kind === 'weight';
  const groups = new Map<string, PlanGroup>();
  for (const parameter of parameters) {
    const settings: Omit<PlanGroup, 'parameters'> = {
      learningRateFactor,
      weightDecay: isDecayed(parameter) ? decay : 0,
      ...(optimizer.type === 'Muon' ? { method: isByMuon(parameter) ? 'Muon' : 'AdamW' } : {}),
    };
    const key = JSON.stringify(settings);
    const names = groups.get(key)?.parameters ?? [];
    groups.set(key, { ...settings, parameters: [...names, parameter.name] });
  }
  return [...groups.values()];
}

/** Tables of embeddings are no matrices that act on a vector; Jordan leaves them, biases and norms to AdamW. */
function isByMuon({ kind, shape, layer }: TrainedParameter): boolean {
  return kind === 'weight' && shape.length >= 2 && !layer.includes('Embedding');
}

/** PyTorch's defaults. */
export function standardWeightDecay(type: Optimizer['type']): number {
  if (type === 'AdamW') return 0.01;
  return type === 'Muon' ? 0.1 : 0;
}

/** Defaults are PyTorch's; LAMB's are those of its paper. */
function optimizerOptions(optimizer: Optimizer): PlanOptimizer['options'] {
  switch (optimizer.type) {
    case 'SGD':
      return {
        momentum: optimizer.momentum ?? 0,
        dampening: optimizer.dampening ?? 0,
        nesterov: optimizer.nesterov ?? false,
      };
    case 'Adam':
    case 'AdamW':
      return {
        betas: optimizer.betas ?? [0.9, 0.999],
        eps: optimizer.eps ?? 1e-8,
        amsgrad: optimizer.amsgrad ?? false,
      };
    case 'LAMB':
      return {
        betas: optimizer.betas ?? [0.9, 0.999],
        eps: optimizer.eps ?? 1e-6,
        trust_clip: optimizer.trustClip ?? false,
      };
    case 'Adagrad':
      return {
        lr_decay: optimizer.lrDecay ?? 0,
        initial_accumulator_value: optimizer.initialAccumulatorValue ?? 0,
        eps: optimizer.eps ?? 1e-10,
      };
    case 'RMSprop':
      return {
        alpha: optimizer.alpha ?? 0.99,
        eps: optimizer.eps ?? 1e-8,
        momentum: optimizer.momentum ?? 0,
        centered: optimizer.centered ?? false,
      };
    case 'Muon':
      return {
        momentum: optimizer.momentum ?? 0.95,
        nesterov: optimizer.nesterov ?? true,
        ns_steps: optimizer.nsSteps ?? 5,
        ns_coefficients: optimizer.nsCoefficients ?? [3.4445, -4.775, 2.0315],
        eps: optimizer.eps ?? 1e-7,
        adjust_lr_fn: optimizer.adjustLr ?? 'original',
        betas: optimizer.betas ?? [0.9, 0.999],
      };
    case 'LBFGS': {
      const iterations = optimizer.maxIter ?? 20;
      return {
        max_iter: iterations,
        max_eval: optimizer.maxEval ?? Math.floor((iterations * 5) / 4),
        tolerance_grad: optimizer.toleranceGrad ?? 1e-7,
        tolerance_change: optimizer.toleranceChange ?? 1e-9,
        history_size: optimizer.historySize ?? 100,
        line_search_fn: optimizer.lineSearch ?? null,
      };
    }
  }
}
