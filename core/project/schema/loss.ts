import { z } from 'zod';
import { optionFields } from '../../catalogue/derive/schema.ts';
import { lossTypes } from '../../catalogue/losses/losses.ts';
import type { Loss } from '../loss.ts';
import { strict, variants } from './strict.ts';

export const loss: z.ZodType<Loss> = variants('type', schemas()) as unknown as z.ZodType<Loss>;

function schemas() {
  const [first, ...others] = lossTypes.map(({ type, options }) =>
    strict({ type: z.literal(type as string), ...optionFields(options) }),
  );
  return [first!, ...others] as const;
}
