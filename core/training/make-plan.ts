import { resolveNetwork } from '../network/resolve.ts';
import { FailureError } from '../failure.ts';
import type { Project } from '../project/project.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { refuseMisfittingAugment } from './check-augment.ts';
import { refuseMisfittingLoss } from './check-loss.ts';
import { summarise } from '../network/summarise.ts';
import { planAveraging } from './averaging.ts';
import { planNetwork } from './plan-network.ts';
import { planNormalise } from './plan-normalise.ts';
import { planOptimizer } from './plan-optimizer.ts';
import type { Plan, SplitFiles } from './plan.ts';

/** What a plan needs beside the project: what was found out about the data, and decisions of the moment. */
export interface PlanFacts {
  /** Of one sample, without the batch: [channels, height, width]. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** `cpu` or `cuda:0`. */
  readonly device: string;
  /** At most; 0: libtorch's own choice. */
  readonly threads: number;
  /** The recipe's, or drawn. */
  readonly seed: number;
  /** false: batches in the order of the file. */
  readonly shuffle: boolean;
}

export type PlanResult = { readonly ok: true; readonly plan: Plan } | Failed;

export function makePlan(project: Project, facts: PlanFacts): PlanResult {
  const { recipe, data } = project;
  if (recipe.kind !== 'supervised') {
    return failed({
      code: 'badProject',
      message: `recipe.kind is ${recipe.kind}: this needs a network that is trained on labels.`,
      at: 'recipe.kind',
    });
  }
  const resolution = resolveNetwork(project.networks.main, project.blocks ?? {}, [facts.inputShape]);
  if (!resolution.ok) return resolution;
  const { network } = resolution;
  try {
    refuseMisfittingAugment(data.augment ?? {}, facts.inputShape);
    refuseMisfittingLoss(recipe.loss, network.output, facts.classes);
    const plan: Plan = {
      planVersion: 1,
      network: planNetwork(network),
      inputShape: facts.inputShape,
      data: {
        train: facts.train,
        test: facts.test,
        classes: facts.classes,
        normalise: planNormalise(data.normalise, facts.inputShape[0]!),
        augment: data.augment ?? {},
        shuffle: facts.shuffle,
      },
      training: {
        loss: recipe.loss,
        optimizer: planOptimizer(recipe.optimizer, network),
        batchSize: recipe.batchSize,
        evaluateBatchSize: recipe.evaluateBatchSize ?? recipe.batchSize,
        accumulate: recipe.accumulate ?? 1,
        clip: recipe.clip ?? null,
        precision: recipe.precision ?? 'float32',
        lossScale: recipe.lossScale ?? null,
        averaging: planAveraging(recipe.averaging),
      },
      device: facts.device,
      threads: Math.min(facts.threads, usefulThreads(summarise(network).totals.multiplyAdds * recipe.batchSize)),
      seed: facts.seed,
    };
    return { ok: true, plan };
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure);
    throw error;
  }
}

/**
 * Threads that a forward pass of so many multiply-adds keeps busy. Where one thread takes a few dozen microseconds for
 * each matrix product, waiting for a second one costs what it saves, and many times that beside a busy neighbour.
 */
function usefulThreads(multiplyAdds: number): number {
  return 1 + Math.floor(multiplyAdds / 4e6);
}
