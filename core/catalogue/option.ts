import type { Dimensions, Pair, Shape } from './shape.ts';

/** Every kind of option a layer may declare. A number where a pair is taken stands for both. */
export type OptionDeclaration =
  IntegerOption | NumberOption | PairOption | IntegersOption | PaddingOption | ChoiceOption | BooleanOption;

interface OptionCommon {
  readonly help: string;
}

export interface IntegerOption extends OptionCommon {
  readonly kind: 'integer';
  readonly minimum?: number;
  readonly default?: number;
  /** Where the option is not written, its value follows from the input. */
  readonly infer?: (input: Shape) => number;
}

export interface NumberOption extends OptionCommon {
  readonly kind: 'number';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number;
}

/** [vertical, horizontal]. */
export interface PairOption extends OptionCommon {
  readonly kind: 'pair';
  readonly minimum: number;
  readonly default?: Pair;
  /** Where the option is not written, it equals this one, declared before it. */
  readonly sameAs?: string;
}

export interface IntegersOption extends OptionCommon {
  readonly kind: 'integers';
  readonly minimum: number;
  /** How many there have to be; one number then stands for all. */
  readonly count?: number;
  readonly default?: readonly number[];
  /** Where the option is not written, it equals this one, declared before it. */
  readonly sameAs?: string;
}

/** A number for all dimensions or one each, or "same" or "valid". */
export interface PaddingOption extends OptionCommon {
  readonly kind: 'padding';
  readonly count: Dimensions;
  readonly default: readonly number[];
}

export interface ChoiceOption<Value extends string = string> extends OptionCommon {
  readonly kind: 'choice';
  readonly values: readonly Value[];
  readonly default: Value;
}

export interface BooleanOption extends OptionCommon {
  readonly kind: 'boolean';
  readonly default: boolean;
}

export function integer(help: string, rest: Omit<IntegerOption, 'kind' | 'help'> = {}): IntegerOption {
  return { kind: 'integer', help, ...rest };
}

export function number(help: string, rest: Omit<NumberOption, 'kind' | 'help'>): NumberOption {
  return { kind: 'number', help, ...rest };
}

export function pair(help: string, rest: Omit<PairOption, 'kind' | 'help'>): PairOption {
  return { kind: 'pair', help, ...rest };
}

export function integers(
  help: string,
  minimum: number,
  rest: Omit<IntegersOption, 'kind' | 'help' | 'minimum'> = {},
): IntegersOption {
  return { kind: 'integers', help, minimum, ...rest };
}

export function padding(help: string, count: Dimensions): PaddingOption {
  return { kind: 'padding', help, count, default: new Array<number>(count).fill(0) };
}

export function choice<const Value extends string>(
  help: string,
  values: readonly Value[],
  standard: Value,
): ChoiceOption<Value> {
  return { kind: 'choice', help, values, default: standard };
}

export function boolean(help: string, standard: boolean): BooleanOption {
  return { kind: 'boolean', help, default: standard };
}
