/**
 * What every kind of thing with options declares, such as optimizers and losses. From it follow the type of what a
 * project may write, its schema, the plan with every default filled in, and the form. Options of layers, which may be
 * expressions and follow from shapes, are declared in `option.ts`.
 */

interface OptionCommon {
  /** Beside the field. */
  readonly label: string;
  /** One or two sentences: what it does, its unit. */
  readonly help: string;
  /** The engine's name, where it is not the project's in snake_case. */
  readonly engineName?: string;
  /** The form does without; it can be written in the project file. */
  readonly isOnlyInFile?: true;
}

interface Limits {
  readonly minimum?: number;
  /** Exclusive limits. */
  readonly above?: number;
  readonly below?: number;
  readonly maximum?: number;
}

/** Options that have been decided, by their names in the project. */
export type Decided = Readonly<Record<string, OptionValue>>;
export type OptionValue = number | boolean | string | null | readonly number[];

export interface NumberOption extends OptionCommon, Limits {
  readonly kind: 'number' | 'integer';
  /** null: nothing. A function of the options declared before it. */
  readonly default: number | null | ((before: Decided) => number);
  /** What the form shows of the default, where it is no number to a reader. */
  readonly standard?: string;
  /** A project has to write it; the default is what a new one begins with. */
  readonly isRequired?: true;
}

export interface SwitchOption extends OptionCommon {
  readonly kind: 'switch';
  readonly default: boolean;
}

export interface ChoiceOption<Value extends string | number = string | number> extends OptionCommon {
  readonly kind: 'choice';
  /** With their titles. */
  readonly values: readonly (readonly [value: Value, title: string])[];
  /** null: none of them. */
  readonly default: Value | null;
  /** Instead of a list of the values: why another one is refused. */
  readonly refusal?: string;
}

/** A fixed number of numbers. */
export interface TupleOption extends OptionCommon, Limits {
  readonly kind: 'tuple';
  /** One a number, for screen readers. */
  readonly labels: readonly string[];
  readonly default: readonly number[];
}

/** Any number of numbers. */
export interface ListOption extends OptionCommon, Limits {
  readonly kind: 'list';
  readonly isWhole?: true;
  /** null: nothing. */
  readonly default: readonly number[] | null;
  /** What holds then, in the form. */
  readonly standard?: string;
  /** A project has to write it, with one number at least; the default is what a new one begins with. */
  readonly isRequired?: true;
  /** Why these numbers do not go together: the end of a sentence that begins with their place. */
  readonly conflict?: (numbers: readonly number[]) => string | null;
}

export type Option = NumberOption | SwitchOption | ChoiceOption | TupleOption | ListOption;
export type Options = Readonly<Record<string, Option>>;

export type ValueOf<Declared> = Declared extends { readonly kind: 'number' | 'integer' }
  ? number
  : Declared extends { readonly kind: 'switch' }
    ? boolean
    : Declared extends { readonly kind: 'choice'; readonly values: readonly (readonly [infer Value, string])[] }
      ? Value
      : Declared extends { readonly kind: 'tuple'; readonly default: infer Numbers }
        ? { readonly [Place in keyof Numbers]: number }
        : Declared extends { readonly kind: 'list' }
          ? readonly number[]
          : never;

type RequiredName<Declared extends Options> = {
  [Name in keyof Declared]: Declared[Name] extends { readonly isRequired: true } ? Name : never;
}[keyof Declared];

/** What a project may write, and what it has to. */
export type Written<Declared extends Options> = {
  readonly [Name in Exclude<keyof Declared, RequiredName<Declared>>]?: ValueOf<Declared[Name]>;
} & { readonly [Name in RequiredName<Declared>]: ValueOf<Declared[Name]> };

type DecidedValue<Declared> = ValueOf<Declared> | (Declared extends { readonly default: null } ? null : never);

/** The same with every default filled in. */
export type Complete<Declared extends Options> = { readonly [Name in keyof Declared]: DecidedValue<Declared[Name]> };
