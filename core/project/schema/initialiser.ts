import { z } from 'zod';
import { findLayerType, layerTypes } from '../../catalogue/catalogue.ts';
import { decide } from '../../catalogue/derive/decide.ts';
import { optionFields } from '../../catalogue/derive/schema.ts';
import type { InitialiserType } from '../../catalogue/initialisers/initialiser-type.ts';
import { initialiserTypes } from '../../catalogue/initialisers/initialisers.ts';
import { didYouMean } from '../../nearest-name.ts';
import type { Initialiser } from '../../network/tree.ts';
import { strict, variants } from './strict.ts';

const layerName = z.string().refine((name) => findLayerType(name) !== undefined, {
  error: (issue) => {
    const name = String(issue.input);
    return `names no layer: "${name}".${didYouMean(
      name,
      layerTypes.map((type) => type.name),
    )}`;
  },
});

const kinds = ['weight', 'bias', 'norm'] as const;
const types = z.array(layerName).min(1).exactOptional();

export const initialiser: z.ZodType<Initialiser> = variants('method', schemas()) as unknown as z.ZodType<Initialiser>;

function schemas() {
  const [first, ...others] = initialiserTypes.map((entry) => schemaOf(entry as unknown as InitialiserType));
  return [first!, ...others] as const;
}

function schemaOf({ method, options, weightsOnly, either, conflict = () => null }: InitialiserType) {
  const parameters = weightsOnly === undefined ? z.literal(kinds) : z.literal('weight', { error: weightsOnly });
  const fields = { method: z.literal(method), parameters, types, ...optionFields(options) };
  return strict(fields).superRefine((written: object, context) => {
    const areBoth = either?.every((name) => name in written) === true;
    const both = areBoth ? `can have a ${either[0]} or the ${either[1]} that determines it, not both` : null;
    const message = both ?? conflict(decide(options, written));
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}
