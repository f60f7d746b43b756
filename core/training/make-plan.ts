import { FailureError } from '../failure.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { resolveProject } from '../project/project-facts.ts';
import type { AdversarialRecipe, Project, SupervisedRecipe } from '../project/project.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { refuseMisfittingAugment } from './check-augment.ts';
import { refuseMisfittingInitialisers } from './check-initialisers.ts';
import { refuseMisfittingLoss } from './check-loss.ts';
import { refuseMisfittingRegression } from './check-regression.ts';
import { summarise } from '../network/summarise.ts';
import { planAveraging } from './averaging.ts';
import { planNetwork } from './plan-network.ts';
import { planNormalise } from './plan-normalise.ts';
import type { InputValues } from './plan-normalise.ts';
import { planOptimizer } from './plan-optimizer.ts';
import { planAdversarial, planGenerator } from './plan-adversarial.ts';
import type { Plan, PlanTraining, SplitFiles } from './plan.ts';

/** What a plan needs beside the project: what was found out about the data, and decisions of the moment. */
export interface PlanFacts {
  /** Of one sample, without the batch: [channels, height, width]. */
  readonly inputShape: readonly number[];
  /** 0: a regression. */
  readonly classes: number;
  /** Of a regression: numbers to tell of each sample. */
  readonly targets?: number;
  /** Absent: images of bytes, of which nothing more is known. */
  readonly values?: InputValues;
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
  const resolution = resolveProject(project, facts.inputShape);
  if (!resolution.ok) return resolution;
  const { network } = resolution;
  try {
    refuseMisfittingAugment(data.augment ?? {}, facts.inputShape, facts.values);
    if (recipe.kind === 'adversarial') refuseWithoutClasses(recipe, facts.classes);
    else if (facts.targets === undefined) refuseMisfittingLoss(recipe.loss, network.output, facts.classes);
    else refuseMisfittingRegression(recipe.loss, network.output, facts.targets);
    refuseMisfittingInitialisers(network);
    const plan: Plan = {
      planVersion: 1,
      network: planNetwork(network),
      inputShape: facts.inputShape,
      data: {
        train: facts.train,
        test: facts.test,
        classes: facts.classes,
        ...(facts.targets === undefined ? {} : { targets: facts.targets }),
        normalise: planNormalise(data.normalise, facts.inputShape[0]!, facts.values),
        augment: data.augment ?? {},
        shuffle: facts.shuffle,
      },
      training: recipe.kind === 'supervised' ? planSupervised(recipe, network) : planGenerator(recipe, network),
      adversarial: recipe.kind === 'supervised' ? null : planAdversarial(project, recipe, facts, network),
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

function planSupervised(recipe: SupervisedRecipe, network: ResolvedNode): PlanTraining {
  return {
    loss: recipe.loss,
    optimizer: planOptimizer(recipe.optimizer, network),
    batchSize: recipe.batchSize,
    evaluateBatchSize: recipe.evaluateBatchSize ?? recipe.batchSize,
    accumulate: recipe.accumulate ?? 1,
    clip: recipe.clip ?? null,
    precision: recipe.precision ?? 'float32',
    lossScale: recipe.lossScale ?? null,
    channelsLast: recipe.channelsLast ?? null,
    averaging: planAveraging(recipe.averaging ?? null),
  };
}

function refuseWithoutClasses({ conditional }: AdversarialRecipe, classes: number): void {
  if (conditional !== true || classes > 0) return;
  throw new FailureError({
    code: 'badProject',
    message: 'recipe.conditional needs data with classes; this data has none.',
    at: 'recipe.conditional',
  });
}

/**
 * Threads that a forward pass of so many multiply-adds keeps busy. Where one thread takes a few dozen microseconds for
 * each matrix product, waiting for a second one costs what it saves, and many times that beside a busy neighbour.
 */
function usefulThreads(multiplyAdds: number): number {
  return 1 + Math.floor(multiplyAdds / 4e6);
}
