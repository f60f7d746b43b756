import type { Initialiser, InitialiserMethod } from '../../../../core/network/tree.ts';

export const kinds = [
  ['weight', 'Weights'],
  ['bias', 'Biases'],
  ['norm', 'Scales of normalisations'],
] as const;

const spreads: readonly (readonly [InitialiserMethod, string])[] = [
  ['kaiming_normal', 'Kaiming normal'],
  ['kaiming_uniform', 'Kaiming uniform'],
  ['xavier_normal', 'Xavier normal'],
  ['xavier_uniform', 'Xavier uniform'],
  ['orthogonal', 'orthogonal'],
  ['eye', 'identity matrix'],
  ['dirac', 'identity of a convolution (dirac)'],
  ['sparse', 'sparse'],
];

const plain: readonly (readonly [InitialiserMethod, string])[] = [
  ['normal', 'normal'],
  ['uniform', 'uniform'],
  ['trunc_normal', 'truncated normal'],
  ['zeros', 'zeros'],
  ['ones', 'ones'],
  ['constant', 'constant'],
];

export const nonlinearities = ['linear', 'relu', 'leaky_relu', 'tanh', 'sigmoid', 'selu'].map(
  (name) => [name, name] as const,
);

export const modes = [
  ['fan_in', 'inputs (fan_in)'],
  ['fan_out', 'outputs (fan_out)'],
] as const;

/** Those of several dimensions suit weights only. */
export function methodsFor(kind: Initialiser['parameters']): readonly (readonly [InitialiserMethod, string])[] {
  return kind === 'weight' ? [...spreads, ...plain] : plain;
}

export function standardNonlinearity(method: InitialiserMethod): string {
  return method.startsWith('xavier') ? 'linear' : 'leaky_relu';
}

/** A rule of this method for the parameters of the rule before. */
export function newRule(method: InitialiserMethod, before?: Initialiser): Initialiser {
  const { parameters = 'weight', types } = before ?? {};
  const needed = method === 'constant' ? { value: 0 } : method === 'sparse' ? { sparsity: 0.9 } : {};
  return { parameters, ...(types === undefined ? {} : { types }), method, ...needed };
}

export function withKind(rule: Initialiser, parameters: Initialiser['parameters']): Initialiser {
  const isSuitable = methodsFor(parameters).some(([method]) => method === rule.method);
  return isSuitable ? { ...rule, parameters } : newRule('zeros', { ...rule, parameters });
}
