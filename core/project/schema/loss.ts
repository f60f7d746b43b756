import { z } from 'zod';
import type { Loss } from '../loss.ts';
import { fraction, notNegative, positive, strict, variants, wholeNumber } from './strict.ts';

const perSample = { error: 'must be mean or sum: training needs one number for a batch' };
const reduction = { reduction: z.literal(['mean', 'sum'], perSample).exactOptional() };
const classWeights = { classWeights: z.array(notNegative).exactOptional() };
const ignoreIndex = { ignoreIndex: wholeNumber(0).exactOptional() };
const margin = { margin: z.number().exactOptional() };
const eps = { eps: positive.exactOptional() };

export const loss: z.ZodType<Loss> = variants('type', [
  strict({
    type: z.literal('CrossEntropy'),
    labelSmoothing: fraction.exactOptional(),
    ...classWeights,
    ...ignoreIndex,
    ...reduction,
  }),
  strict({ type: z.literal('NLL'), ...classWeights, ...ignoreIndex, ...reduction }),
  strict({ type: z.literal('MSE'), ...reduction }),
  strict({ type: z.literal('L1'), ...reduction }),
  strict({ type: z.literal('SmoothL1'), beta: notNegative.exactOptional(), ...reduction }),
  strict({ type: z.literal('Huber'), delta: positive.exactOptional(), ...reduction }),
  strict({ type: z.literal('BCE'), ...classWeights, ...reduction }),
  strict({
    type: z.literal('BCEWithLogits'),
    positiveWeights: z.array(notNegative).exactOptional(),
    ...classWeights,
    ...reduction,
  }),
  strict({
    type: z.literal('KLDiv'),
    logTarget: z.boolean().exactOptional(),
    reduction: z
      .literal(['mean', 'sum', 'batchmean'], {
        error: 'must be mean, sum or batchmean: training needs one number for a batch',
      })
      .exactOptional(),
  }),
  strict({
    type: z.literal('PoissonNLL'),
    logInput: z.boolean().exactOptional(),
    full: z.boolean().exactOptional(),
    ...eps,
    ...reduction,
  }),
  strict({
    type: z.literal('MultiMargin'),
    p: z.literal([1, 2]).exactOptional(),
    ...margin,
    ...classWeights,
    ...reduction,
  }),
  strict({ type: z.literal('MultiLabelMargin'), ...reduction }),
  strict({ type: z.literal('MultiLabelSoftMargin'), ...classWeights, ...reduction }),
  strict({ type: z.literal('SoftMargin'), ...reduction }),
  strict({ type: z.literal('PairwiseDistance'), p: positive.exactOptional(), ...eps, ...reduction }),
  strict({ type: z.literal('CosineEmbedding'), ...margin, ...reduction }),
  strict({ type: z.literal('HingeEmbedding'), ...margin, ...reduction }),
  strict({ type: z.literal('MarginRanking'), ...margin, ...reduction }),
  strict({ type: z.literal('CosineSimilarity'), dim: z.int().exactOptional(), ...eps, ...reduction }),
  strict({
    type: z.literal('TripletMargin'),
    ...margin,
    p: positive.exactOptional(),
    swap: z.boolean().exactOptional(),
    ...eps,
    ...reduction,
  }),
  strict({
    type: z.literal('CTC'),
    blank: wholeNumber(0).exactOptional(),
    zeroInfinity: z.boolean().exactOptional(),
    ...reduction,
  }),
]);
