import { decide } from '../catalogue/derive/decide.ts';
import { initialiserType } from '../catalogue/initialisers/initialisers.ts';
import { formatShape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedLayer, ResolvedNode, ResolvedParameter } from '../network/resolved.ts';
import type { Initialiser } from '../network/tree.ts';

/**
 * Throws a FailureError where a rule cannot fill a weight of so many dimensions, as torch.nn.init refuses it, or where it
 * takes samples and the layer gets others.
 */
export function refuseMisfittingInitialisers(network: ResolvedNode): void {
  const first = new Set(layersAtInput(network));
  for (const layer of layersOf(network)) {
    for (const rule of layer.initialise) {
      if (initialiserType(rule.method).takesSamples === true && !first.has(layer)) refuseSamples(rule, layer);
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
    advice: fills.advice?.(shape) ?? `Limit the rule to the types it suits, or give this layer a rule of its own.`,
  });
}

/** Of the networks of adversarial training. */
export function refuseInitialisersOfSamples(network: ResolvedNode): void {
  for (const layer of layersOf(network)) {
    for (const rule of layer.initialise) {
      if (initialiserType(rule.method).takesSamples === true) refuseSamples(rule, layer);
    }
  }
}

function refuseSamples({ method }: Initialiser, { path, layer }: ResolvedLayer): never {
  throw new FailureError({
    code: 'badNetwork',
    message: `${method} takes statistics of the training images, so it fills only layers of a supervised network that receive the images themselves; the ${layer} at ${path} does not.`,
    at: path,
    advice: 'Put the rule on the first convolution, or choose another method.',
  });
}

/** Layers that get the input of the network and nothing else. */
function layersAtInput(node: ResolvedNode): readonly ResolvedLayer[] {
  switch (node.type) {
    case 'Layer':
      return [node];
    case 'Sequential':
      return node.children.slice(0, 1).flatMap(layersAtInput);
    case 'Residual':
      return [node.body, node.shortcut].flatMap((part) => (part === null ? [] : layersAtInput(part)));
    case 'Fork':
      return node.branches.flatMap(layersAtInput);
    default:
      return [];
  }
}
