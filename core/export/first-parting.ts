import { differenceOf, isMismatch } from './difference.ts';
import type { FirstParting } from './proof.ts';
import type { SampleTensor } from './subject.ts';

interface Made {
  readonly key: string;
  readonly outputs: readonly SampleTensor[];
}

/**
 * The first module, in the order in which the engine computes them, of which a consumer made something else. A module
 * that computes several times comes as often, on both sides. Null: none of those that both tell of.
 */
export function firstPartingOf(
  traced: readonly (Made & { readonly path: string; readonly type: string })[],
  consumer: readonly Made[],
): FirstParting | null {
  const left = new Map<string, Made[]>();
  for (const made of consumer) left.set(made.key, [...(left.get(made.key) ?? []), made]);
  for (const { key, path, type, outputs } of traced) {
    const other = left.get(key)?.shift();
    if (other !== undefined && isMismatch(differenceOf(outputs, other.outputs))) return { path, type };
  }
  return null;
}
