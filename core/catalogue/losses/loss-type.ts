import type { Options, Written } from '../declare.ts';

/** One entry of the catalogue. Names and defaults are PyTorch's: `torch.nn.CrossEntropyLoss` is CrossEntropy. */
export interface LossType<Declared extends Options = Options> {
  readonly type: string;
  readonly title: string;
  readonly options: Declared;
  /** Whether it compares the output with a target of the same shape, so that a regression can use it. */
  readonly takesNumbers?: true;
  /** What it computes with, where not any number will do: probabilities from 0 to 1, or their logarithms. */
  readonly expects?: 'probabilities' | 'logarithms';
  /**
   * It compares samples with one another: what a data set of them would consist of. The engine computes it, but no data
   * set has that, so that no recipe can use it.
   */
  readonly compares?: string;
}

/** Checks a declaration, and keeps its exact name and options. */
export function loss<const Name extends string, const Declared extends Options>(
  declaration: LossType<Declared> & { readonly type: Name },
): LossType<Declared> & { readonly type: Name } {
  return declaration;
}

/** What a project writes of an entry. */
export type WrittenLoss<Entry> =
  Entry extends LossType<infer Declared>
    ? Entry extends { readonly type: infer Name }
      ? { readonly type: Name } & Written<Declared>
      : never
    : never;
