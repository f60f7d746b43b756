import type { NamedShape } from '../contract/weights.ts';
import { layersOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { WeightReport } from '../training/events.ts';
import { fittingPrefix } from './fitting-prefix.ts';

/**
 * What of given tensors goes into the parameters and buffers of a network: those of the same name and shape. `unused` has
 * the names of the file, all others those of the network, without the prefix.
 */
export function matchWeights(network: ResolvedNode, given: readonly NamedShape[]): WeightReport {
  const wanted = [...layersOf(network)].flatMap(({ parameters, buffers }) => [...parameters, ...buffers]);
  const prefix = fittingPrefix(wanted, given);
  const shapes = new Map(wanted.map(({ name, shape }) => [name, shape]));
  const found = new Map(given.map(({ name, shape }) => [name, shape]));
  const foundAs = (name: string) => found.get(`${prefix}${name}`);
  const isSame = (name: string): boolean => foundAs(name)?.join() === shapes.get(name)!.join();
  const names = [...shapes.keys()];
  return {
    matched: names.filter((name) => foundAs(name) !== undefined && isSame(name)),
    missing: names.filter((name) => foundAs(name) === undefined),
    otherShape: names
      .filter((name) => foundAs(name) !== undefined && !isSame(name))
      .map((name) => ({ name, found: foundAs(name)!, expected: shapes.get(name)! })),
    unused: [...found.keys()].filter((name) => !name.startsWith(prefix) || !shapes.has(name.slice(prefix.length))),
    ...(prefix === '' ? {} : { prefix }),
  };
}
