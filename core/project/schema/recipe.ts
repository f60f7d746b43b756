import { z } from 'zod';
import type { Averaging, Loss, Optimizer, Recipe } from '../project.ts';
import { schedule } from './schedule.ts';
import { fraction, notNegative, positive, strict, variants, wholeNumber } from './strict.ts';

const classWeights = z.array(notNegative).exactOptional();

const loss: z.ZodType<Loss> = variants('type', [
  strict({ type: z.literal('CrossEntropy'), labelSmoothing: fraction.exactOptional(), classWeights }),
  strict({ type: z.literal('NLL'), classWeights }),
  strict({ type: z.literal('MSE') }),
  strict({ type: z.literal('BCE') }),
  strict({ type: z.literal('BCEWithLogits') }),
]);

const parameterGroup = strict({
  kinds: z
    .array(z.literal(['weight', 'bias', 'norm']))
    .min(1)
    .exactOptional(),
  modules: z.array(z.string()).min(1).exactOptional(),
  learningRateFactor: notNegative.exactOptional(),
  weightDecay: notNegative.exactOptional(),
}).refine((group) => group.kinds !== undefined || group.modules !== undefined, {
  error: 'must say which parameters it takes: kinds, modules or both',
});

const shared = {
  weightDecay: notNegative.exactOptional(),
  groups: z.array(parameterGroup).exactOptional(),
};

const beta = z.number().min(0).lt(1);

const adaptive = {
  betas: z.tuple([beta, beta]).exactOptional(),
  eps: notNegative.exactOptional(),
};

const adam = { ...adaptive, amsgrad: z.boolean().exactOptional() };

const optimizer: z.ZodType<Optimizer> = variants('type', [
  strict({
    type: z.literal('SGD'),
    momentum: notNegative.exactOptional(),
    dampening: z.number().exactOptional(),
    nesterov: z.boolean().exactOptional(),
    ...shared,
  }).refine(
    ({ nesterov, momentum, dampening }) => nesterov !== true || ((momentum ?? 0) > 0 && (dampening ?? 0) === 0),
    { error: 'can use nesterov only with a momentum above 0 and without dampening' },
  ),
  strict({ type: z.literal('Adam'), ...adam, ...shared }),
  strict({ type: z.literal('AdamW'), ...adam, ...shared }),
  strict({ type: z.literal('LAMB'), ...adaptive, trustClip: z.boolean().exactOptional(), ...shared }),
]);

const norms = { norms: z.literal(['recomputed', 'averaged']).exactOptional() };

const averaging: z.ZodType<Averaging> = variants('kind', [
  strict({ kind: z.literal('swa'), fromEpoch: wholeNumber(1), holdRate: z.boolean().exactOptional(), ...norms }),
  strict({ kind: z.literal('ema'), decay: fraction, ...norms }),
]);

const common = {
  optimizer,
  schedule,
  batchSize: wholeNumber(1),
  epochs: wholeNumber(1),
  seed: wholeNumber(0).exactOptional(),
};

const supervised = strict({
  kind: z.literal('supervised'),
  loss,
  ...common,
  evaluateBatchSize: wholeNumber(1).exactOptional(),
  accumulate: wholeNumber(1).exactOptional(),
  clip: strict({ kind: z.literal(['norm', 'value']), at: positive }).exactOptional(),
  precision: z.literal(['float32', 'bfloat16', 'float16']).exactOptional(),
  lossScale: positive.exactOptional(),
  earlyStopping: strict({
    metric: z.literal(['testLoss', 'testAccuracy']),
    patience: wholeNumber(1),
    minimumChange: notNegative.exactOptional(),
  }).exactOptional(),
  averaging: averaging.exactOptional(),
}).refine(({ precision, lossScale }) => lossScale === undefined || precision === 'float16', {
  error: 'can have a lossScale only with the precision float16',
});

const adversarial = strict({
  kind: z.literal('adversarial'),
  loss: variants('type', [strict({ type: z.literal('BCE') }), strict({ type: z.literal('BCEWithLogits') })]),
  ...common,
  noise: z.array(wholeNumber(1)).min(1),
  conditional: z.boolean().exactOptional(),
  realTargets: z.tuple([fraction, fraction]).exactOptional(),
  discriminatorOptimizer: optimizer.exactOptional(),
  discriminatorSchedule: schedule.exactOptional(),
  iterations: wholeNumber(1).exactOptional(),
}).refine(({ realTargets }) => realTargets === undefined || realTargets[0] <= realTargets[1], {
  error: 'needs realTargets from the least to the most',
});

export const recipe: z.ZodType<Recipe> = variants('kind', [supervised, adversarial]);
