import type { Complete, Options, ValueOf, Written } from '../declare.ts';

/** One entry of the catalogue: a function of torch.nn.init, with its defaults, or what has none there. */
export interface InitialiserType<Declared extends Options = Options> {
  readonly method: string;
  readonly title: string;
  readonly options: Declared;
  /** Why it fills weights only: the end of a sentence that begins with the place of `parameters`. */
  readonly weightsOnly?: string;
  /** Two options of which at most one may be written: the second says what the first stands for. */
  readonly either?: readonly [string, string];
  /** Why these options do not go together, likewise. */
  readonly conflict?: (options: Complete<Declared>) => string | null;
  /** What it can fill: all parameters, where it does not say it. */
  readonly fills?: {
    readonly words: string;
    readonly suits: (shape: readonly number[], options: Complete<Declared>) => boolean;
    /** What to do about a parameter of this shape, where it can be said. */
    readonly advice?: (shape: readonly number[]) => string | undefined;
  };
  /**
   * It fills from the training samples as a network gets them, so that only layers at its input suit. A network without
   * data, as in Python source, begins as if there were no rule.
   */
  readonly takesSamples?: true;
  /** Arguments of the function in Python after the parameter; absent: the options that are written, by their names. */
  readonly pythonArguments?: (written: Partial<Written<Declared>>) => readonly string[];
  /** The statement that fills a parameter in Python, where torch.nn.init has no such function; null: it has. */
  readonly pythonStatement?: (parameter: string, options: Complete<Declared>) => string | null;
}

/** Checks a declaration, and keeps its exact name. */
export function initialiser<const Name extends string, const Declared extends Options>(
  declaration: InitialiserType<Declared> & { readonly method: Name },
): InitialiserType<Declared> & { readonly method: Name } {
  return declaration;
}

type NameOf<Declared> = Declared extends Options ? keyof Declared : never;
type OptionOf<Declared, Name extends PropertyKey> =
  Declared extends Readonly<Record<Name, infer Option>> ? ValueOf<Option> : never;

/** Of entries with these options: what a project may write of any of them. */
export type WrittenOfAny<Declared> = { readonly [Name in NameOf<Declared>]?: OptionOf<Declared, Name> };
