import type { NamedShape } from '../contract/weights.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { WeightReport } from '../training/events.ts';

/** What the engine will take of given tensors for the parameters and buffers of a network: the same name and shape. */
export function matchWeights(network: ResolvedNode, given: readonly NamedShape[]): WeightReport {
  const wanted = [...layersOf(network)].flatMap(({ parameters, buffers }) => [...parameters, ...buffers]);
  const shapes = new Map(wanted.map(({ name, shape }) => [name, shape]));
  const found = new Map(given.map(({ name, shape }) => [name, shape]));
  const isSame = (name: string): boolean => found.get(name)?.join() === shapes.get(name)!.join();
  const names = [...shapes.keys()];
  return {
    matched: names.filter((name) => found.has(name) && isSame(name)),
    missing: names.filter((name) => !found.has(name)),
    otherShape: names
      .filter((name) => found.has(name) && !isSame(name))
      .map((name) => ({ name, found: found.get(name)!, expected: shapes.get(name)! })),
    unused: [...found.keys()].filter((name) => !shapes.has(name)),
  };
}
