import { findLayerType } from '../catalogue/catalogue.ts';
import type { Refusal } from '../catalogue/refusal.ts';
import type { Failure } from '../failure.ts';

/** A rule's refusal with its address. `field` is to blame if the refusal names no option. */
export function refusalFailure(refusal: Refusal, path: string, type: string, field?: string): Failure {
  const { option } = refusal;
  const place = option === undefined ? field : `options.${option}`;
  const end = /[.?]$/.test(refusal.message) ? '' : '.';
  const declaration = option === undefined ? undefined : findLayerType(type)?.options[option];
  const isInferred = declaration?.kind === 'integer' && declaration.infer !== undefined;
  return {
    code: 'badNetwork',
    message: `${type} at ${path} ${refusal.message}${end}`,
    at: place === undefined ? path : `${path}.${place}`,
    ...(isInferred ? { advice: `Leave ${option} out: it then follows from the input.` } : {}),
  };
}
