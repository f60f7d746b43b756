import { decide } from '../catalogue/derive/decide.ts';
import { optimizerType } from '../catalogue/optimizers/optimizers.ts';
import type { Project } from '../project/project.ts';
import type { Summary } from '../network/summarise.ts';
import { viewCount } from '../catalogue/evaluate-views.ts';
import { samplesOfEpoch } from './batches.ts';

/** What a training will need, before it starts. */
export interface CostFacts {
  readonly recipe: Project['recipe'];
  readonly totals: Summary['totals'];
  /** Of one sample, without the batch. */
  readonly inputShape: readonly number[];
  readonly trainSamples: number;
  readonly testSamples: number;
  /** In memory: 1 of pictures, 4 of floats. */
  readonly bytesPerValue: number;
}

export interface MemoryEstimate {
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
  readonly bytes: number;
}

/** Of a process that has loaded libtorch: 226 MB beside data and network of mnist-logit on Linux, n = 1. */
const engineBytes = 230e6;

const float = 4;

/**
 * Bytes of a training at its fullest, where the backward pass begins: every output of every layer is still there. Layers
 * that compute in place and libtorch's own buffers make it more or less: an estimate.
 */
export function estimateMemory(facts: CostFacts): MemoryEstimate {
  const { recipe, totals, inputShape, trainSamples, testSamples, bytesPerValue } = facts;
  const half = recipe.kind === 'supervised' && ['float16', 'bfloat16'].includes(recipe.precision ?? '') ? 0.5 : 1;
  const elements = inputShape.reduce((product, size) => product * size, 1);
  const input = elements * float * recipe.batchSize;
  const copies = recipe.kind === 'supervised' && recipe.averaging !== undefined ? 1 : 0;
  const parts = [
    { name: 'Parameters', bytes: totals.parameters * float * (1 + copies) },
    { name: 'Gradients', bytes: totals.trainable * float },
    { name: 'Optimizer', bytes: totals.trainable * float * optimizerCopies(recipe.optimizer) },
    // Half as much again for the gradients of outputs, which live as long as the backward pass needs them.
    { name: 'Activations', bytes: 1.5 * totals.activationBytes * recipe.batchSize * half + 2 * input },
    { name: 'Data', bytes: elements * bytesPerValue * (trainSamples + testSamples) },
    { name: 'Engine', bytes: engineBytes },
  ];
  return { parts, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Tensors as large as the parameters that an optimizer keeps between steps. */
function optimizerCopies(optimizer: Project['recipe']['optimizer']): number {
  const { options, copies } = optimizerType(optimizer.type);
  return copies(decide(options, optimizer));
}

/** Steps that were really trained, and samples that were really evaluated, in a moment. */
export interface MeasuredCost {
  /** Of each step after the first ones, which are slower than all others. */
  readonly stepSeconds: Float64Array;
  readonly stepsPerEpoch: number;
  readonly testSamples: number;
  readonly evaluatedSamples: number;
  readonly evaluationSeconds: number;
  /** The engine's process at its fullest; of a GPU what was taken of its memory. */
  readonly memoryBytes: number;
  readonly deviceName: string;
}

export interface EpochTime {
  /** By the median of the steps, with the evaluation of the test set. */
  readonly seconds: number;
  /** By the steps at a tenth and at nine tenths, in order of their length. */
  readonly least: number;
  readonly most: number;
  readonly steps: number;
}

export function epochTime(measured: MeasuredCost): EpochTime | null {
  const { stepSeconds, stepsPerEpoch, testSamples, evaluatedSamples, evaluationSeconds } = measured;
  if (stepSeconds.length === 0) return null;
  const sorted = stepSeconds.toSorted();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  const evaluation = evaluatedSamples === 0 ? 0 : (evaluationSeconds / evaluatedSamples) * testSamples;
  const of = (step: number): number => step * stepsPerEpoch + evaluation;
  return { seconds: of(at(0.5)), least: of(at(0.1)), most: of(at(0.9)), steps: sorted.length };
}

/** Of another training on the same device, in multiply-adds. */
export interface TrainingSpeed {
  /** Three passes, as a backward pass costs two forward ones. */
  readonly perSecond: number;
  readonly perBatch: number;
}

export function trainingSpeed(facts: CostFacts, samplesPerSecond: number): TrainingSpeed {
  return { perSecond: 3 * facts.totals.multiplyAdds * samplesPerSecond, perBatch: batchWork(facts) };
}

function batchWork({ totals, recipe, trainSamples }: CostFacts): number {
  return totals.multiplyAdds * Math.min(recipe.batchSize, trainSamples);
}

/**
 * Times by which the work of a batch may differ. A step of a tiny network takes as long as it takes to begin it: by the
 * speed of a table of 24 rows an epoch of mnist-conv would take 42 hours.
 */
const comparable = 10;

export interface EstimatedTime {
  readonly seconds: number;
  readonly least: number;
  readonly most: number;
  readonly trainings: number;
}

/** From the speeds of other trainings whose batches are about as much work; null where there is none. */
export function estimateEpochTime(facts: CostFacts, speeds: readonly TrainingSpeed[]): EstimatedTime | null {
  const { recipe, totals, trainSamples, testSamples } = facts;
  const batch = batchWork(facts);
  const sorted = speeds
    .filter(({ perBatch }) => perBatch <= comparable * batch && batch <= comparable * perBatch)
    .map(({ perSecond }) => perSecond)
    .toSorted((one, other) => one - other);
  if (sorted.length === 0 || totals.multiplyAdds === 0) return null;
  const work = totals.multiplyAdds * (3 * samplesOfEpoch(recipe, trainSamples) + testSamples * viewCount(recipe));
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return { seconds: work / median, least: work / sorted.at(-1)!, most: work / sorted[0]!, trainings: sorted.length };
}
