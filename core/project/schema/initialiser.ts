import { z } from 'zod';
import { findLayerType, layerTypes } from '../../catalogue/catalogue.ts';
import { didYouMean } from '../../nearest-name.ts';
import type { Initialiser } from '../../network/tree.ts';
import { fraction, notNegative, positive, strict, variants, wholeNumber } from './strict.ts';

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

const ofWeights = {
  ...anyParameters,
  parameters: z.literal('weight', { error: 'must be "weight": this method needs at least two dimensions' }),
};

const moments = { mean: z.number().exactOptional(), std: notNegative.exactOptional() };
const bounds = { a: z.number().exactOptional(), b: z.number().exactOptional() };

const kaiming = { ...weightsOnly, mode: z.literal(['fan_in', 'fan_out']).exactOptional() };

function xavier<const Method extends string>(method: Method) {
  return strict({ method: z.literal(method), ...weightsOnly, gain: positive.exactOptional() }).refine(
    ({ gain, nonlinearity }) => gain === undefined || nonlinearity === undefined,
    { error: 'can have a gain or the nonlinearity from which it follows, not both' },
  );
}

export const initialiser: z.ZodType<Initialiser> = variants('method', [
  strict({ method: z.literal('kaiming_normal'), ...kaiming }),
  strict({ method: z.literal('kaiming_uniform'), ...kaiming }),
  xavier('xavier_normal'),
  xavier('xavier_uniform'),
  strict({ method: z.literal('normal'), ...anyParameters, ...moments }),
  strict({ method: z.literal('uniform'), ...anyParameters, ...bounds }).refine(({ a = 0, b = 1 }) => a < b, {
    error: 'must have its lower bound a below its upper bound b (by default 0 and 1)',
  }),
  strict({ method: z.literal('trunc_normal'), ...anyParameters, ...moments, ...bounds }).refine(
    ({ a = -2, b = 2, std = 1 }) => a < b && std > 0,
    { error: 'must have a deviation above 0 and its lower bound a below its upper bound b (by default -2 and 2)' },
  ),
  strict({ method: z.literal('orthogonal'), ...ofWeights, gain: positive.exactOptional() }),
  strict({ method: z.literal('eye'), ...ofWeights }),
  strict({ method: z.literal('dirac'), ...ofWeights, groups: wholeNumber(1).exactOptional() }),
  strict({ method: z.literal('sparse'), ...ofWeights, sparsity: fraction, std: notNegative.exactOptional() }),
  strict({ method: z.literal('zeros'), ...anyParameters }),
  strict({ method: z.literal('ones'), ...anyParameters }),
  strict({ method: z.literal('constant'), ...anyParameters, value: z.number() }),
]);
