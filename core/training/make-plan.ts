import { FailureError } from '../failure.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { resolveProject } from '../project/project-facts.ts';
import type { DataFacts } from '../project/known-data.ts';
import type { Precision, Project, SupervisedRecipe } from '../project/project.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { checkAgainstData } from './check-against-data.ts';
import { summarise } from '../network/summarise.ts';
import { planAveraging } from './averaging.ts';
import { planAugment } from './plan-augment.ts';
import { planLoss } from './plan-loss.ts';
import { planNetwork } from './plan-network.ts';
import { planNormalise } from './plan-normalise.ts';
import { planTargetScaling } from './plan-targets.ts';
import type { TargetStatistics } from './plan-targets.ts';
import { planOptimizer } from './plan-optimizer.ts';
import { planAdversarial, planGenerator } from './plan-adversarial.ts';
import type { Plan, PlanData, PlanTraining, SplitFiles } from './plan.ts';

/** What a plan needs beside the project: what was found out about the data, and decisions of the moment. */
export interface PlanFacts extends DataFacts {
  /** As numbers, of a run that was trained with them. Absent: as the project says. */
  readonly normalise?: PlanData['normalise'];
  /** Of a regression, where they are known. */
  readonly targetStatistics?: TargetStatistics;
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
  const failures = checkAgainstData(project, facts, resolution);
  if (failures.length > 0) return failed(...failures);
  if (!resolution.ok) return resolution;
  const { network } = resolution;
  try {
    const scaling = planTargetScaling(project, facts.targetStatistics);
    const plan: Plan = {
      planVersion: 1,
      network: planNetwork(network),
      inputShape: facts.inputShape,
      data: {
        train: scaling === null ? facts.train : standardised(facts.train),
        test: scaling === null ? facts.test : standardised(facts.test),
        classes: facts.classes,
        ...(facts.targets === undefined ? {} : { targets: facts.targets }),
        ...(scaling === null ? {} : { targetScaling: scaling }),
        ...(facts.targetStatistics === undefined ? {} : { targetMeans: facts.targetStatistics.mean }),
        ...(facts.values?.origins === undefined ? {} : { origins: facts.values.origins }),
        normalise: facts.normalise ?? planNormalise(data.normalise, facts.inputShape[0]!, facts.values),
        augment: planAugment(data.augment ?? {}),
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

/** With the standardised targets in the place of the targets. */
function standardised(files: SplitFiles): SplitFiles {
  if (files.format !== 'arrays' || files.standardTargets === undefined) {
    throw new Error('targets with statistics are there standardised');
  }
  return { format: 'arrays', inputs: files.inputs, targets: files.standardTargets };
}

function planSupervised(recipe: SupervisedRecipe, network: ResolvedNode): PlanTraining {
  return {
    loss: planLoss(recipe.loss),
    optimizer: planOptimizer(recipe.optimizer, network),
    batchSize: recipe.batchSize,
    evaluateBatchSize: recipe.evaluateBatchSize ?? recipe.batchSize,
    evaluateViews: recipe.evaluateViews ?? 'plain',
    accumulate: recipe.accumulate ?? 1,
    dropLast: recipe.dropLast ?? false,
    clip: recipe.clip ?? null,
    precision: plannedPrecision(recipe.precision),
    lossScale: recipe.lossScale ?? null,
    channelsLast: recipe.channelsLast ?? null,
    averaging: planAveraging(recipe.averaging ?? null),
  };
}

/** Where it is to be decided on the machine, whoever trains has decided it before; other plans need no more than float32. */
function plannedPrecision(precision: SupervisedRecipe['precision']): Precision {
  return precision === undefined || precision === 'auto' ? 'float32' : precision;
}

/**
 * Threads that a forward pass of so many multiply-adds keeps busy. Where one thread takes a few dozen microseconds for
 * each matrix product, waiting for a second one costs what it saves, and many times that beside a busy neighbour.
 */
function usefulThreads(multiplyAdds: number): number {
  return 1 + Math.floor(multiplyAdds / 4e6);
}
