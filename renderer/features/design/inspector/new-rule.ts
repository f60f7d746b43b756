import { initialiserType, initialiserTypes } from '../../../../core/catalogue/initialisers/initialisers.ts';
import type { InitialiserType } from '../../../../core/catalogue/initialisers/initialiser-type.ts';
import type { InitialiserMethod } from '../../../../core/catalogue/initialisers/initialisers.ts';
import type { Options } from '../../../../core/catalogue/declare.ts';
import type { Initialiser } from '../../../../core/network/tree.ts';

export const kinds = [
  ['weight', 'Weights'],
  ['bias', 'Biases'],
  ['norm', 'Scales of normalisations'],
] as const;

/** Those of several dimensions suit weights only. */
export function methodsFor(kind: Initialiser['parameters']): readonly (readonly [InitialiserMethod, string])[] {
  return initialiserTypes
    .filter(({ method }) => kind === 'weight' || initialiserType(method).weightsOnly === undefined)
    .map(({ method, title }) => [method, title]);
}

/** Those that may be written beside what is written. */
export function optionsOf(rule: Initialiser): Options {
  const { options, either }: InitialiserType = initialiserType(rule.method);
  const alternatives: readonly string[] = either ?? [];
  const isOpen = (name: string): boolean =>
    !alternatives.includes(name) || alternatives.every((other) => other === name || !(other in rule));
  return Object.fromEntries(Object.entries(options).filter(([name]) => isOpen(name)));
}

/** A rule of this method for the parameters of the rule before. */
export function newRule(method: InitialiserMethod, before?: Initialiser): Initialiser {
  const { parameters = 'weight', types } = before ?? {};
  const needed = Object.entries(initialiserType(method).options).flatMap(([name, option]) =>
    'isRequired' in option ? [[name, option.default] as const] : [],
  );
  return { parameters, ...(types === undefined ? {} : { types }), method, ...Object.fromEntries(needed) };
}

export function withKind(rule: Initialiser, parameters: Initialiser['parameters']): Initialiser {
  const isSuitable = methodsFor(parameters).some(([method]) => method === rule.method);
  return isSuitable ? { ...rule, parameters } : newRule('zeros', { ...rule, parameters });
}
