import type { Address } from '../../../../core/network/address.ts';

interface Placed {
  /** Address of the module. */
  readonly path: Address;
}

/** Where among the layers a module computes: of a container the last one in it. Undefined where none does. */
export function placeOfModule(layers: readonly Placed[], address: Address): number | undefined {
  const own = layers.findIndex(({ path }) => path === address);
  if (own >= 0) return own;
  const last = layers.findLastIndex(({ path }) => isWithin(path, address));
  return last < 0 ? undefined : last;
}

/** Of the drawn modules the innermost one that holds a layer. */
export function moduleOfLayer(drawn: readonly Address[], path: Address): Address | undefined {
  return drawn
    .filter((address) => address === path || isWithin(path, address))
    .toSorted((one, other) => other.length - one.length)[0];
}

function isWithin(path: Address, container: Address): boolean {
  return path.startsWith(container) && /^[.[/]/.test(path.slice(container.length));
}
