import { z } from 'zod';
import { findLayerType, layerTypes } from '../../catalogue/catalogue.ts';
import { didYouMean } from '../../nearest-name.ts';
import type { Initialiser } from '../../network/tree.ts';
import { notNegative, strict, variants } from './strict.ts';

const layerName = z.string().refine((name) => findLayerType(name) !== undefined, {
  error: (issue) => {
    const name = String(issue.input);
    return `names no layer: "${name}".${didYouMean(
      name,
      layerTypes.map((type) => type.name),
    )}`;
  },
});

const anyParameters = {
  parameters: z.literal(['weight', 'bias', 'norm']),
  types: z.array(layerName).min(1).exactOptional(),
};

/** Xavier and Kaiming count the inputs and outputs of a weight; biases and norms have none. */
const weightsOnly = {
  ...anyParameters,
  parameters: z.literal('weight', { error: 'must be "weight": Xavier and Kaiming suit no other parameters' }),
  nonlinearity: z.literal(['linear', 'relu', 'leaky_relu', 'tanh', 'sigmoid', 'selu']).exactOptional(),
};

const kaiming = { ...weightsOnly, mode: z.literal(['fan_in', 'fan_out']).exactOptional() };

export const initialiser: z.ZodType<Initialiser> = variants('method', [
  strict({ method: z.literal('kaiming_normal'), ...kaiming }),
  strict({ method: z.literal('kaiming_uniform'), ...kaiming }),
  strict({ method: z.literal('xavier_normal'), ...weightsOnly }),
  strict({ method: z.literal('xavier_uniform'), ...weightsOnly }),
  strict({
    method: z.literal('normal'),
    ...anyParameters,
    mean: z.number().exactOptional(),
    std: notNegative.exactOptional(),
  }),
  strict({ method: z.literal('zeros'), ...anyParameters }),
  strict({ method: z.literal('ones'), ...anyParameters }),
  strict({ method: z.literal('constant'), ...anyParameters, value: z.number() }),
]);
