import { layersOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';

interface Named {
  readonly name: string;
}

/** Names of a network's parameters and buffers, in the order of `state_dict()` of its Python source. */
export function stateDictNames(network: ResolvedNode): readonly string[] {
  const names = [...layersOf(network)].flatMap(({ parameters, buffers }) =>
    [...parameters, ...buffers].map(({ name }) => name),
  );
  return [...new Set(names)];
}

/**
 * Tensors in the order of `state_dict()`: a safetensors file lists them by alphabet, and whoever copies weights by
 * position would get another network. Tensors that the network does not name come last.
 */
export function inStateDictOrder<Tensor extends Named>(
  network: ResolvedNode,
  tensors: readonly Tensor[],
): readonly Tensor[] {
  const positions = new Map(stateDictNames(network).map((name, index) => [name, index]));
  const positionOf = ({ name }: Tensor): number => positions.get(name) ?? positions.size;
  return [...tensors].sort((a, b) => positionOf(a) - positionOf(b));
}
