import { snakeCase } from '../../snake-case.ts';
import type { Complete, Decided, Options, OptionValue, Written } from '../declare.ts';

/** Every option, in the order of the declaration: what `written` has of that name, or else its default. */
export function decide<Declared extends Options>(declared: Declared, written: object): Complete<Declared> {
  const decided: Record<string, OptionValue> = {};
  for (const [name, { default: standard }] of Object.entries(declared)) {
    const value = (written as Partial<Decided>)[name];
    decided[name] = value ?? (typeof standard === 'function' ? standard(decided) : standard);
  }
  return decided as Complete<Declared>;
}

/** Only those that are written, in the order of the declaration. */
export function writtenOptions<Declared extends Options>(declared: Declared, from: object): Partial<Written<Declared>> {
  const all = from as Partial<Decided>;
  const names = Object.keys(declared).filter((name) => all[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, all[name]])) as Partial<Written<Declared>>;
}

/** What a new thing with these options begins with: those that have to be written. */
export function requiredOptions(declared: Options): Decided {
  const required = Object.entries(declared).filter(([, option]) => 'isRequired' in option);
  const decided: Decided = decide(Object.fromEntries(required), {});
  return decided;
}

/** The same by the engine's names: PyTorch's. */
export function engineOptions(declared: Options, written: object): Decided {
  const decided: Decided = decide(declared, written);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { engineName = snakeCase(name) }]) => [engineName, decided[name] ?? null]),
  );
}
