import { z } from 'zod';
import type { Optimizer } from '../optimizer.ts';
import { notNegative, strict, variants, wholeNumber } from './strict.ts';

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
  decayOnlyWeights: z.boolean().exactOptional(),
  groups: z.array(parameterGroup).exactOptional(),
};

const beta = z.number().min(0).lt(1);
const betas = { betas: z.tuple([beta, beta]).exactOptional() };
const eps = { eps: notNegative.exactOptional() };
const momentum = { momentum: notNegative.exactOptional() };
const nesterov = { nesterov: z.boolean().exactOptional() };
const adam = { ...betas, ...eps, amsgrad: z.boolean().exactOptional() };

export const optimizer: z.ZodType<Optimizer> = variants('type', [
  strict({
    type: z.literal('SGD'),
    ...momentum,
    dampening: z.number().exactOptional(),
    ...nesterov,
    ...shared,
  }).refine((sgd) => sgd.nesterov !== true || ((sgd.momentum ?? 0) > 0 && (sgd.dampening ?? 0) === 0), {
    error: 'can use nesterov only with a momentum above 0 and without dampening',
  }),
  strict({ type: z.literal('Adam'), ...adam, ...shared }),
  strict({ type: z.literal('AdamW'), ...adam, ...shared }),
  strict({ type: z.literal('LAMB'), ...betas, ...eps, trustClip: z.boolean().exactOptional(), ...shared }),
  strict({
    type: z.literal('Adagrad'),
    lrDecay: notNegative.exactOptional(),
    initialAccumulatorValue: notNegative.exactOptional(),
    ...eps,
    ...shared,
  }),
  strict({
    type: z.literal('RMSprop'),
    alpha: z.number().min(0).lt(1).exactOptional(),
    ...eps,
    ...momentum,
    centered: z.boolean().exactOptional(),
    ...shared,
  }),
  strict({
    type: z.literal('Muon'),
    momentum: beta.exactOptional(),
    ...nesterov,
    nsSteps: wholeNumber(1).max(99).exactOptional(),
    nsCoefficients: z.tuple([z.number(), z.number(), z.number()]).exactOptional(),
    ...eps,
    adjustLr: z.literal(['original', 'match_rms_adamw']).exactOptional(),
    ...betas,
    ...shared,
  }),
  strict({
    type: z.literal('LBFGS'),
    maxIter: wholeNumber(1).exactOptional(),
    maxEval: wholeNumber(1).exactOptional(),
    toleranceGrad: notNegative.exactOptional(),
    toleranceChange: notNegative.exactOptional(),
    historySize: wholeNumber(1).exactOptional(),
    lineSearch: z.literal('strong_wolfe').exactOptional(),
  }),
]);
