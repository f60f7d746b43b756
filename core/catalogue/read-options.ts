import { didYouMean } from '../nearest-name.ts';
import type { OptionValue, Options } from '../network/tree.ts';
import type { LayerOptionValue, LayerOptions, LayerType } from './layer-type.ts';
import type { OptionDeclaration } from './option.ts';
import { blaming, refuse } from './refusal.ts';
import type { Flow } from './shape.ts';

/** Gives the number a text stands for, or throws a Refusal. */
export type Evaluate = (expression: string) => number;

/** Outside of Blocks a text never stands for a number. */
export const noExpressions: Evaluate = (text) =>
  refuse(`takes numbers, not the text "${text}"; expressions may stand only inside a Block`);

/** Completes what is written: defaults, sizes inferred from what flows in, pairs written as two numbers. */
export function readOptions(type: LayerType, written: Options, inputs: Flow, evaluate: Evaluate): LayerOptions {
  refuseUnknownOptions(type, written);
  const values: Record<string, LayerOptionValue> = {};
  for (const name in type.options) {
    const declaration = type.options[name]!;
    const value = written[name];
    values[name] =
      value === undefined
        ? standardValue(name, declaration, values, inputs)
        : readOption(name, declaration, value, evaluate);
  }
  return values;
}

export function refuseUnknownOptions(type: LayerType, written: Options): void {
  for (const name in written) {
    if (type.options[name] !== undefined) continue;
    refuse(`has no option "${name}".${didYouMean(name, Object.keys(type.options))}`, name);
  }
}

function standardValue(
  name: string,
  declaration: OptionDeclaration,
  before: LayerOptions,
  inputs: Flow,
): LayerOptionValue {
  if (declaration.kind === 'integer' && declaration.infer !== undefined) {
    return declaration.infer(inputs[0], inputs, before);
  }
  if ('sameAs' in declaration) return before[declaration.sameAs]!;
  return declaration.default === undefined ? refuse(`needs ${name}`, name) : declaration.default;
}

/** Reads one written value; the Refusal names the option. */
export function readOption(
  name: string,
  declaration: OptionDeclaration,
  value: OptionValue,
  evaluate: Evaluate,
): LayerOptionValue {
  switch (declaration.kind) {
    case 'integer':
      return readInteger(name, value, declaration, evaluate);
    case 'number':
      return readNumber(name, value, declaration, evaluate);
    case 'pair':
      return readPair(name, value, declaration.minimum, evaluate);
    case 'padding':
      if (value === 'same' || value === 'valid') return value;
      return declaration.count === 2
        ? readPair(name, value, 0, evaluate)
        : readIntegers(name, value, { count: declaration.count, minimum: 0 }, evaluate);
    case 'integers':
      return readIntegers(name, value, declaration, evaluate);
    case 'numbers':
      return readNumbers(name, value, declaration, evaluate);
    case 'choice':
      if (typeof value === 'string' && declaration.values.includes(value)) return value;
      return refuse(`needs one of ${declaration.values.join(', ')} as ${name}, not ${JSON.stringify(value)}`, name);
    case 'boolean':
      return typeof value === 'boolean'
        ? value
        : refuse(`needs true or false as ${name}, not ${JSON.stringify(value)}`, name);
  }
}

function readPair(name: string, value: OptionValue, minimum: number, evaluate: Evaluate): readonly [number, number] {
  if (!Array.isArray(value)) {
    const both = readInteger(name, value, { minimum }, evaluate);
    return [both, both];
  }
  if (value.length !== 2) {
    return refuse(`needs one number or two (vertical, horizontal) as ${name}, not ${value.length}`, name);
  }
  const [vertical, horizontal] = value as readonly OptionValue[];
  const limits = { minimum };
  return [readInteger(name, vertical!, limits, evaluate), readInteger(name, horizontal!, limits, evaluate)];
}

function readIntegers(
  name: string,
  value: OptionValue,
  { count, ...limits }: { readonly count?: number; readonly minimum?: number },
  evaluate: Evaluate,
): readonly number[] {
  const list: readonly OptionValue[] = Array.isArray(value) ? value : new Array<OptionValue>(count ?? 1).fill(value);
  if (list.length === 0) return refuse(`needs at least one size in ${name}`, name);
  if (count !== undefined && list.length !== count) {
    return refuse(`needs one number${count > 1 ? ` or ${count}` : ''} as ${name}, not ${list.length}`, name);
  }
  return list.map((entry) => readInteger(name, entry, limits, evaluate));
}

function readNumbers(name: string, value: OptionValue, limits: Limits, evaluate: Evaluate): readonly number[] {
  const list: readonly OptionValue[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) return refuse(`needs at least one number as ${name}`, name);
  return list.map((entry) => readNumber(name, entry, limits, evaluate));
}

function readInteger(name: string, value: OptionValue, limits: Limits, evaluate: Evaluate): number {
  const result = numberOf(name, value, evaluate);
  if (!Number.isSafeInteger(result))
    return refuse(`needs a whole number as ${name}, not ${shown(value, result)}`, name);
  return withinLimits(name, value, result, limits);
}

function readNumber(name: string, value: OptionValue, limits: Limits, evaluate: Evaluate): number {
  return withinLimits(name, value, numberOf(name, value, evaluate), limits);
}

interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
}

function withinLimits(name: string, value: OptionValue, result: number, limits: Limits): number {
  if (limits.minimum !== undefined && result < limits.minimum) {
    return refuse(`needs at least ${limits.minimum} as ${name}, not ${shown(value, result)}`, name);
  }
  if (limits.maximum !== undefined && result > limits.maximum) {
    return refuse(`needs at most ${limits.maximum} as ${name}, not ${shown(value, result)}`, name);
  }
  return result;
}

function numberOf(name: string, value: OptionValue, evaluate: Evaluate): number {
  const result = typeof value === 'string' ? blaming(name, () => evaluate(value)) : value;
  if (typeof result === 'number' && Number.isFinite(result)) return result;
  return refuse(`needs a number as ${name}, not ${JSON.stringify(value)}`, name);
}

function shown(written: OptionValue, result: number): string {
  return typeof written === 'string' ? `${result} (${written})` : `${result}`;
}
