import type { Complete, Options, Written } from '../declare.ts';

/** One entry of the catalogue. Names and defaults are PyTorch's unless its help says otherwise. */
export interface OptimizerType<Declared extends Options = Options> {
  readonly type: string;
  /** In lists, where it differs from `type`. */
  readonly title?: string;
  readonly options: Declared;
  /** Part of each weight that a step takes away; null: it knows no decay and no groups of parameters. */
  readonly weightDecay: number | null;
  /** Tensors as large as the parameters that are kept between steps. */
  readonly copies: (options: Complete<Declared>) => number;
  /** Why these options do not go together: the end of a sentence that begins with their place. */
  readonly conflict?: (options: Complete<Declared>) => string | null;
  /** A sentence below the form. */
  readonly note?: string;
  /** It evaluates a batch again and again, which only a network that learns alone can show it. */
  readonly learnsAlone?: true;
}

/** Checks a declaration, and keeps its exact name and options. */
export function optimizer<const Name extends string, const Declared extends Options, const Decay extends number | null>(
  declaration: OptimizerType<Declared> & { readonly type: Name; readonly weightDecay: Decay },
): OptimizerType<Declared> & { readonly type: Name; readonly weightDecay: Decay } {
  return declaration;
}

/** What a project writes of an entry. */
export type WrittenOptimizer<Entry> =
  Entry extends OptimizerType<infer Declared>
    ? Entry extends { readonly type: infer Name }
      ? { readonly type: Name } & Written<Declared>
      : never
    : never;
