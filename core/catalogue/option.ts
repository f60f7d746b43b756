import type { LayerOptions } from './layer-type.ts';
import type { Dimensions, Flow, Pair, Shape } from './shape.ts';

/** Every kind of option a layer may declare. A number where a pair is taken stands for both. */
export type OptionDeclaration =
  | IntegerOption
  | NumberOption
  | PairOption
  | IntegersOption
  | NumbersOption
  | PaddingOption
  | ChoiceOption
  | BooleanOption;

interface OptionCommon {
  readonly help: string;
}

export interface IntegerOption extends OptionCommon {
  readonly kind: 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  /** null is PyTorch's None: see `optional`. */
  readonly default?: number | null;
  /** Where the option is not written, its value follows from the input; `before` are the options declared before it. */
  readonly infer?: (input: Shape, inputs: Flow, before: LayerOptions) => number;
}

export interface NumberOption extends OptionCommon {
  readonly kind: 'number';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: number | null;
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
  /** Without one they may be negative. */
  readonly minimum?: number;
  /** How many there have to be; one number then stands for all. */
  readonly count?: number;
  /** One number stands for all, as many as the input has dimensions for: a list of one then. */
  readonly isOneForAll?: true;
  readonly default?: readonly number[] | null;
  /** Where the option is not written, it equals this one, declared before it. */
  readonly sameAs?: string;
}

/** One number stands for all, as many as the input has channels or dimensions for. */
export interface NumbersOption extends OptionCommon {
  readonly kind: 'numbers';
  readonly minimum?: number;
  readonly default?: readonly number[] | null;
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

/** Whole numbers of either sign. */
export function signedIntegers(help: string): IntegersOption {
  return { kind: 'integers', help };
}

export function numbers(help: string, rest: Omit<NumbersOption, 'kind' | 'help'> = {}): NumbersOption {
  return { kind: 'numbers', help, ...rest };
}

/** PyTorch's None where it is not written. */
export function optional<Option extends IntegerOption | NumberOption | IntegersOption | NumbersOption>(
  option: Option,
): Option & { readonly default: null } {
  return { ...option, default: null };
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
