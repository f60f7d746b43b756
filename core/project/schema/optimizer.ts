import { z } from 'zod';
import { decide } from '../../catalogue/derive/decide.ts';
import { optionFields } from '../../catalogue/derive/schema.ts';
import type { OptimizerType } from '../../catalogue/optimizers/optimizer-type.ts';
import { optimizerTypes } from '../../catalogue/optimizers/optimizers.ts';
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
  untilEpoch: wholeNumber(0).exactOptional(),
  wholeSchedule: z.boolean().exactOptional(),
  byMuon: z.boolean().exactOptional(),
})
  .refine((group) => group.kinds !== undefined || group.modules !== undefined, {
    error: 'must specify its parameters: kinds, modules or both',
  })
  .refine(({ wholeSchedule, untilEpoch }) => wholeSchedule !== true || untilEpoch !== undefined, {
    error: 'can have wholeSchedule only with untilEpoch, the number of epochs that the schedule runs over',
  });

const shared = {
  weightDecay: notNegative.exactOptional(),
  decayOnlyWeights: z.boolean().exactOptional(),
  groups: z.array(parameterGroup).exactOptional(),
};

const onlyMuon = z.array(parameterGroup).superRefine((groups, context) => {
  for (const [index, { byMuon }] of groups.entries()) {
    if (byMuon === undefined) continue;
    context.addIssue({ code: 'custom', path: [index, 'byMuon'], message: 'can be used with the optimizer Muon only' });
  }
});

export const optimizer: z.ZodType<Optimizer> = variants('type', schemas()) as unknown as z.ZodType<Optimizer>;

function schemas() {
  const [first, ...others] = optimizerTypes.map((entry) => schemaOf(entry as unknown as OptimizerType));
  return [first!, ...others] as const;
}

function schemaOf({ type, options, weightDecay, conflict = () => null }: OptimizerType) {
  const common = type === 'Muon' ? shared : { ...shared, groups: onlyMuon.exactOptional() };
  const fields = { type: z.literal(type), ...optionFields(options), ...(weightDecay === null ? {} : common) };
  return strict(fields).superRefine((written, context) => {
    const message = conflict(decide(options, written));
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}
