import type { Complete, Options } from '../declare.ts';

/** One entry of the catalogue: what is done to training images, where a project writes it. */
export interface AugmentationType<Declared extends Options | null = Options | null> {
  readonly name: string;
  readonly title: string;
  readonly help?: string;
  /** null: it is only switched on. */
  readonly options: Declared;
  /** Why images of this size are too small for it. */
  readonly misfit?: (options: Declared extends Options ? Complete<Declared> : never, size: ImageSize) => Misfit | null;
}

interface ImageSize {
  readonly height: number;
  readonly width: number;
}

interface Misfit {
  /** Which option is too large. */
  readonly option: string;
  /** The end of a sentence that begins with its place. */
  readonly sentence: string;
}

/** Checks a declaration, and keeps its exact name and options. */
export function augmentation<const Name extends string, const Declared extends Options | null>(
  declaration: AugmentationType<Declared> & { readonly name: Name },
): AugmentationType<Declared> & { readonly name: Name } {
  return declaration;
}
