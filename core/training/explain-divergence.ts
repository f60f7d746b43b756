import type { Plan } from './plan.ts';
import { layerOfTensor } from './plan-layers.ts';
import { weightSourceWords } from './weight-source.ts';
import type { WeightSource } from './weight-source.ts';

/** What the engine found not finite where a loss was not. */
export interface FoundDivergence {
  /** Names as in the state dict; of adversarial training of both networks. */
  readonly parameters: readonly string[];
  /** Likewise; only of an evaluation, which normalises with them. */
  readonly buffers: readonly string[];
  /** Numbers in the split, from 0, of the samples with such an input value in the batch whose loss it was. */
  readonly samples: readonly number[];
  /** Likewise with such a target. */
  readonly targets: readonly number[];
  /** The first in the order of computing whose output is not finite. */
  readonly layer: { readonly path: string; readonly type: string } | null;
  /** Largest absolute value that the network gave; null where not all of it is finite. */
  readonly largest: number | null;
  /** The batch is computed once more: dropout may have been drawn otherwise. */
  readonly lossIsFinite: boolean;
}

export interface DivergenceContext {
  readonly plan: Pick<Plan, 'network' | 'training' | 'device'>;
  readonly where: 'train' | 'test';
  /** Of the batches before it in the epoch. */
  readonly losses: ArrayLike<number>;
  /** Of the step before it; null: the weights are those that the training began with. */
  readonly rateBefore: number | null;
  /** Where these weights came from, if the run did not begin with fresh ones. */
  readonly beganWith: WeightSource | null;
}

export interface DivergenceCause {
  readonly kind: 'input' | 'target' | 'initialWeights' | 'gradient' | 'weights' | 'statistics' | 'layer' | 'loss';
  readonly sentence: string;
  readonly at: string;
  /** Null: what helps against too large steps. */
  readonly advice: string | null;
}

/** Why a loss was not finite; null: nothing was found, as where dropout is drawn otherwise the second time. */
export function explainDivergence(found: FoundDivergence, context: DivergenceContext): DivergenceCause | null {
  if (found.samples.length > 0) return badValues('input', 'input values', found.samples, context.where);
  if (found.targets.length > 0) return badValues('target', 'targets', found.targets, context.where);
  if (found.parameters.length > 0) return badWeights(found.parameters, context);
  if (found.buffers.length > 0) return badStatistics(found.buffers[0]!, context);
  if (found.layer !== null) return badOutput(found.layer, context);
  if (!found.lossIsFinite) return badLoss(found.largest, context);
  return null;
}

/** So many are named. */
const named = 5;

function badValues(
  kind: 'input' | 'target',
  what: string,
  samples: readonly number[],
  where: DivergenceContext['where'],
): DivergenceCause {
  const first = samples.slice(0, named).join(', ');
  const rest = samples.length > named ? ` and ${samples.length - named} more` : '';
  const set = where === 'train' ? 'training' : 'test';
  return {
    kind,
    sentence:
      samples.length === 1
        ? `The data hold ${what} that are not finite: ${set} sample ${first}, counted from 0.`
        : `The data hold ${what} that are not finite: ${set} samples ${first}${rest}, counted from 0.`,
    at: 'data.source',
    advice: 'Correct or remove these samples, then import the data again.',
  };
}

function badWeights(names: readonly string[], context: DivergenceContext): DivergenceCause {
  const { plan, rateBefore, beganWith } = context;
  const others = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  const which = `${tensorWords(plan, names[0]!)}${others}`;
  if (rateBefore === null && beganWith !== null) {
    return {
      kind: 'initialWeights',
      sentence: `The initial weights of the run, from ${weightSourceWords(beganWith)}, are not finite: ${which}.`,
      at: 'file' in beganWith ? beganWith.file : beganWith.run,
      advice: 'Start from other weights, or from fresh ones.',
    };
  }
  const rise = riseOf(context.losses);
  const last = context.losses[context.losses.length - 1];
  const sentence = `Weights are no longer finite: ${which}.`;
  if (rise !== null) {
    return {
      kind: 'weights',
      sentence: `${sentence} The loss had risen from ${short(rise.from)} to ${short(rise.to)} before.`,
      at: 'recipe.schedule',
      advice: null,
    };
  }
  if (last === undefined || rateBefore === null || rateBefore > largeRate || plan.device !== 'cpu') {
    return { kind: 'weights', sentence, at: 'recipe.schedule', advice: null };
  }
  return {
    kind: 'gradient',
    sentence: `${sentence} The loss of the step before was ${short(last)}, so that step had a gradient that was not finite.`,
    at: layerOfTensor(plan.network, names.at(-1)!)?.path ?? 'networks.main',
    advice:
      `The gradient overflowed, or a module at or after ${tensorWords(plan, names.at(-1)!)} has no finite derivative ` +
      'at its input values. Use smaller initial weights, or replace that module.',
  };
}

function badStatistics(name: string, { plan }: DivergenceContext): DivergenceCause {
  return {
    kind: 'statistics',
    sentence: `The evaluation normalises with running statistics that are not finite: ${tensorWords(plan, name)}.`,
    at: layerOfTensor(plan.network, name)?.path ?? 'networks.main',
    advice: null,
  };
}

function badOutput({ path, type }: NonNullable<FoundDivergence['layer']>, context: DivergenceContext): DivergenceCause {
  const { training } = context.plan;
  const rise = riseOf(context.losses);
  const risen = rise === null ? '' : ` The loss had risen from ${short(rise.from)} to ${short(rise.to)} before.`;
  return {
    kind: 'layer',
    sentence: `Weights and data are finite. The first output that is not finite is that of ${type} at ${path}.${risen}`,
    at: path,
    advice:
      training.precision === 'float16'
        ? 'float16 cannot represent numbers above 65,504. Set recipe.precision to bfloat16 or float32.'
        : null,
  };
}

function badLoss(largest: number | null, { plan }: DivergenceContext): DivergenceCause {
  const { type } = plan.training.loss;
  const size = largest === null ? '' : `, at most ${short(largest)} in absolute value`;
  return {
    kind: 'loss',
    sentence: `The network's outputs are finite${size}, but the loss ${type} is not.`,
    at: 'recipe.loss',
    advice: null,
  };
}

/** Above this even a finite gradient may lead anywhere. */
const largeRate = 1000;

/** Where the last loss is more than ten times the least one before it. */
function riseOf(losses: ArrayLike<number>): { readonly from: number; readonly to: number } | null {
  const values = Array.from(losses);
  const to = values.at(-1);
  if (to === undefined) return null;
  const from = values.reduce((least, value) => Math.min(least, value), Infinity);
  return to > 10 * Math.abs(from) ? { from, to } : null;
}

function tensorWords({ network }: Pick<Plan, 'network'>, name: string): string {
  const layer = layerOfTensor(network, name);
  return layer === null ? name : `${name} of ${layer.layer} at ${layer.path}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
