import { z } from 'zod';
import { decide } from '../../catalogue/derive/decide.ts';
import { optionFields } from '../../catalogue/derive/schema.ts';
import type { OptimizerType } from '../../catalogue/optimizers/optimizer-type.ts';
import { optimizerTypes } from '../../catalogue/optimizers/optimizers.ts';
import type { Optimizer } from '../optimizer.ts';
import { notNegative, strict, variants } from './strict.ts';

const parameterGroup = strict({
  kinds: z
    .array(z.literal(['weight', 'bias', 'norm']))
    .min(1)
    .exactOptional(),
  modules: z.array(z.string()).min(1).exactOptional(),
  learningRateFactor: notNegative.exactOptional(),
  weightDecay: notNegative.exactOptional(),
}).refine((group) => group.kinds !== undefined || group.modules !== undefined, {
  error: 'must specify its parameters: kinds, modules or both',
});

const shared = {
  weightDecay: notNegative.exactOptional(),
  decayOnlyWeights: z.boolean().exactOptional(),
  groups: z.array(parameterGroup).exactOptional(),
};

export const optimizer: z.ZodType<Optimizer> = variants('type', schemas()) as unknown as z.ZodType<Optimizer>;

function schemas() {
  const [first, ...others] = optimizerTypes.map((entry) => schemaOf(entry as unknown as OptimizerType));
  return [first!, ...others] as const;
}

function schemaOf({ type, options, weightDecay, conflict = () => null }: OptimizerType) {
  const fields = { type: z.literal(type), ...optionFields(options), ...(weightDecay === null ? {} : shared) };
  return strict(fields).superRefine((written, context) => {
    const message = conflict(decide(options, written));
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}
