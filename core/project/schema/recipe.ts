import { z } from 'zod';
import { evaluateViewTypes } from '../../catalogue/evaluate-views.ts';
import type { Averaging, Recipe } from '../project.ts';
import { loss } from './loss.ts';
import { optimizer } from './optimizer.ts';
import { schedule } from './schedule.ts';
import { fraction, notNegative, positive, strict, variants, wholeNumber } from './strict.ts';

const norms = { norms: z.literal(['recomputed', 'averaged']).exactOptional() };

const averaging: z.ZodType<Averaging> = variants('kind', [
  strict({ kind: z.literal('swa'), fromEpoch: wholeNumber(1), holdRate: z.boolean().exactOptional(), ...norms }),
  strict({ kind: z.literal('ema'), decay: fraction, ...norms }),
  strict({
    kind: z.literal('lookahead'),
    every: wholeNumber(1),
    decay: z.number().min(0).lt(1),
    ramp: notNegative.exactOptional(),
    ...norms,
  }),
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
  evaluateViews: z.literal(evaluateViewTypes.map(({ name }) => name)).exactOptional(),
  dropLast: z.boolean().exactOptional(),
  accumulate: wholeNumber(1).exactOptional(),
  clip: strict({ kind: z.literal(['norm', 'value']), at: positive }).exactOptional(),
  precision: z.literal(['float32', 'bfloat16', 'float16', 'auto']).exactOptional(),
  lossScale: positive.exactOptional(),
  channelsLast: z.boolean().exactOptional(),
  earlyStopping: strict({
    metric: z.literal(['testLoss', 'testAccuracy']),
    patience: wholeNumber(1),
    minimumChange: notNegative.exactOptional(),
  }).exactOptional(),
  averaging: averaging.exactOptional(),
})
  .refine(({ precision, lossScale }) => lossScale === undefined || precision === 'float16', {
    error: 'can have a lossScale only with precision float16',
  })
  .refine(({ optimizer, precision }) => optimizer.type !== 'LBFGS' || precision !== 'float16', {
    error: 'cannot combine precision float16 with LBFGS, because float16 skips steps and LBFGS needs every one',
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
})
  .refine(({ realTargets }) => realTargets === undefined || realTargets[0] <= realTargets[1], {
    error: 'needs realTargets in ascending order',
  })
  .refine((recipe) => recipe.optimizer.type !== 'LBFGS' && recipe.discriminatorOptimizer?.type !== 'LBFGS', {
    error: 'cannot use LBFGS: it evaluates one loss repeatedly, but each network changes the loss of the other',
  });

export const recipe: z.ZodType<Recipe> = variants('kind', [supervised, adversarial]);
