import { decide } from '../catalogue/derive/decide.ts';
import { initialiserType } from '../catalogue/initialisers/initialisers.ts';
import { formatShape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedLayer, ResolvedNode, ResolvedParameter } from '../network/resolved.ts';
import type { Initialiser } from '../network/tree.ts';

/** Throws a FailureError where a rule cannot fill a weight of so many dimensions, as torch.nn.init refuses it. */
export function refuseMisfittingInitialisers(network: ResolvedNode): void {
  for (const layer of layersOf(network)) {
    for (const rule of layer.initialise) {
      for (const parameter of layer.parameters) {
        if (parameter.kind === rule.parameters) refuseMisfit(rule, layer, parameter);
      }
    }
  }
}

function refuseMisfit(rule: Initialiser, layer: ResolvedLayer, { name, shape }: ResolvedParameter): void {
  const { options, fills } = initialiserType(rule.method);
  if (fills === undefined || fills.suits(shape, decide(options, rule))) return;
  throw new FailureError({
    code: 'badNetwork',
    message: `${rule.method} fills ${fills.words}, and ${name} of the ${layer.layer} at ${layer.path} is ${formatShape(shape)}.`,
    at: layer.path,
    advice: `Limit the rule to the types it suits, or give this layer a rule of its own.`,
  });
}
