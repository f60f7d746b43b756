/** What a setting of several kinds begins with when another kind is chosen: what both have stays. */

import type { Loss, Optimizer, Schedule, ScheduleShape } from '../../../core/project/project.ts';

/** Those that a data set can feed. */
export const lossChoices = [
  ['CrossEntropy', 'Cross entropy'],
  ['NLL', 'Negative log likelihood'],
  ['MSE', 'Mean squared error'],
  ['L1', 'Mean absolute error'],
  ['SmoothL1', 'Smooth L1'],
  ['Huber', 'Huber'],
  ['BCE', 'Binary cross entropy'],
  ['BCEWithLogits', 'BCE of logits'],
  ['KLDiv', 'Kullback–Leibler divergence'],
  ['PoissonNLL', 'Poisson likelihood'],
  ['MultiMargin', 'Margin between classes'],
  ['MultiLabelMargin', 'Margin between labels'],
  ['MultiLabelSoftMargin', 'Soft margin of labels'],
  ['SoftMargin', 'Soft margin'],
  ['PairwiseDistance', 'Distance from the target'],
] as const satisfies readonly (readonly [Loss['type'], string])[];

export const optimizerChoices = [
  ['SGD', 'SGD'],
  ['Adam', 'Adam'],
  ['AdamW', 'AdamW'],
  ['LAMB', 'LAMB'],
  ['Muon', 'Muon'],
  ['RMSprop', 'RMSprop'],
  ['Adagrad', 'Adagrad'],
  ['LBFGS', 'L-BFGS'],
] as const satisfies readonly (readonly [Optimizer['type'], string])[];

export const scheduleChoices = [
  ['Constant', 'Constant'],
  ['Step', 'Steps down'],
  ['MultiStep', 'Steps at epochs'],
  ['Exponential', 'Exponential'],
  ['Cosine', 'Cosine'],
  ['CosineCycles', 'Cosine cycles'],
  ['Linear', 'Linear'],
  ['OneCycle', 'One cycle'],
  ['Triangular', 'Triangles'],
  ['ReduceOnPlateau', 'Down on a plateau'],
  ['List', 'List of rates'],
  ['Phases', 'Phases'],
] as const satisfies readonly (readonly [ScheduleShape['type'], string])[];

export function newLoss(type: Loss['type']): Loss {
  return { type };
}

export function newOptimizer(type: Optimizer['type'], before: Optimizer): Optimizer {
  if (type === 'LBFGS') return { type };
  const { weightDecay, decayOnlyWeights, groups } = before;
  const shared = {
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(decayOnlyWeights === undefined ? {} : { decayOnlyWeights }),
    ...(groups === undefined ? {} : { groups }),
  };
  const hasBetas = type === 'Adam' || type === 'AdamW' || type === 'LAMB' || type === 'Muon';
  const adaptive = hasBetas && 'betas' in before ? { betas: before.betas } : {};
  return { type, ...adaptive, ...shared };
}

/** For the discriminator, of the generator's: without the groups, which may name the generator's modules. */
export function ownOptimizer(optimizer: Optimizer): Optimizer {
  return Object.fromEntries(Object.entries(optimizer).filter(([field]) => field !== 'groups')) as unknown as Optimizer;
}

export function newSchedule(type: ScheduleShape['type'], before: Schedule): Schedule {
  const { warmup } = before;
  return { ...newShape(type, before), ...(warmup === undefined ? {} : { warmup }) };
}

export function newShape(type: ScheduleShape['type'], before: ScheduleShape): ScheduleShape {
  const rate = rateOf(before);
  switch (type) {
    case 'Constant':
    case 'Cosine':
    case 'OneCycle':
    case 'ReduceOnPlateau':
      return { type, rate };
    case 'Step':
      return { type, rate, every: 10, gamma: 0.1 };
    case 'MultiStep':
      return { type, rate, milestones: [10, 15], gamma: 0.1 };
    case 'Exponential':
      return { type, rate, gamma: 0.9 };
    case 'Triangular':
      return { type, rate, floor: rate / 10, up: 2 };
    case 'CosineCycles':
      return { type, rate, length: 1, multiplier: 2 };
    case 'List':
      return { type, rates: [rate] };
    case 'Linear':
      return { type, rate, end: 0 };
    case 'Phases':
      return { type, phases: [{ epochs: 1, shape: { type: 'Constant', rate } }] };
  }
}

/** The rate it begins from. */
export function rateOf(shape: ScheduleShape): number {
  if (shape.type === 'List') return shape.rates[0] ?? 0.01;
  return shape.type === 'Phases' ? rateOf(shape.phases[0]!.shape) : shape.rate;
}
