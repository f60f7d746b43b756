import type { ResolvedNode } from '../network/resolved.ts';
import type { Optimizer } from '../project/project.ts';
import { groupParameters } from './parameter-groups.ts';
import type { PlanTraining } from './plan.ts';

type PlanOptimizer = PlanTraining['optimizer'];

/** Throws a FailureError for a group that names nothing, and where nothing is left to train. */
export function planOptimizer(optimizer: Optimizer, network: ResolvedNode): PlanOptimizer {
  const weightDecay = optimizer.weightDecay ?? standardWeightDecay(optimizer.type);
  return {
    type: optimizer.type,
    options: optimizerOptions(optimizer),
    groups: groupParameters(network, optimizer.groups ?? [], weightDecay),
  };
}

/** PyTorch's defaults. */
function standardWeightDecay(type: Optimizer['type']): number {
  return type === 'AdamW' ? 0.01 : 0;
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
  }
}
