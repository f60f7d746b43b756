import type { Evaluate } from '../catalogue/read-options.ts';
import { refuse } from '../catalogue/refusal.ts';
import { didYouMean } from '../nearest-name.ts';
import type { Scope } from './expression.ts';
import type { BlockDefinition, BlockNode } from './tree.ts';

/** Values of the definition's parameters for one instance; throws a Refusal where one is missing or unknown. */
export function blockScope(instance: BlockNode, definition: BlockDefinition, evaluate: Evaluate): Scope {
  const given = instance.arguments ?? {};
  const names = definition.parameters.map((parameter) => parameter.name);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) refuse(`"${instance.block}" has no parameter "${name}".${didYouMean(name, names)}`);
  }
  return new Map(
    definition.parameters.map((parameter) => {
      const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
      if (value === undefined) return refuse(`"${instance.block}" needs a value for "${parameter.name}"`);
      return [parameter.name, typeof value === 'string' ? evaluate(value) : value];
    }),
  );
}
