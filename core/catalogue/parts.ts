import type { ParameterDeclaration } from './layer-type.ts';

// The parameters of the layers that another layer is made of, named after them as in PyTorch's state dict.

export function linearPart(
  name: string,
  inFeatures: number,
  outFeatures: number,
  bias: boolean,
): readonly ParameterDeclaration[] {
  const weight: ParameterDeclaration = { name: `${name}.weight`, shape: [outFeatures, inFeatures], kind: 'weight' };
  return bias ? [weight, { name: `${name}.bias`, shape: [outFeatures], kind: 'bias' }] : [weight];
}

export function layerNormPart(name: string, features: number, bias: boolean): readonly ParameterDeclaration[] {
  const weight: ParameterDeclaration = { name: `${name}.weight`, shape: [features], kind: 'norm' };
  return bias ? [weight, { name: `${name}.bias`, shape: [features], kind: 'bias' }] : [weight];
}
