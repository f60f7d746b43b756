import { followed } from '../../../core/editing/follow.ts';
import { addressAround } from '../../../core/network/address.ts';
import type { Address } from '../../../core/network/address.ts';
import type { Project } from '../../../core/project/project.ts';

/**
 * Keys by which Vue knows a module again when an edit moves it to another address: what is drawn of it then moves too,
 * instead of being made anew from what stood there before.
 */
export interface ModuleKeys {
  readonly keyOf: (address: Address) => number;
  /** Of a place in a container, whether a module is there or not: it goes where the container goes. */
  readonly keyOfPlace: (address: Address) => string;
  /** The project became another one. Modules not asked for since the last change are forgotten. */
  readonly follow: (before: Project, now: Project) => void;
}

export function moduleKeys(): ModuleKeys {
  let keys: ReadonlyMap<Address, number> = new Map();
  let asked = new Map<Address, number>();
  let next = 0;

  function keyOf(address: Address): number {
    const key = asked.get(address) ?? keys.get(address) ?? next++;
    asked.set(address, key);
    return key;
  }

  function keyOfPlace(address: Address): string {
    const container = addressAround(address) ?? '';
    return `${container === '' ? '' : keyOf(container)} ${address.slice(container.length)}`;
  }

  function follow(before: Project, now: Project): void {
    const moved = new Map<Address, number>();
    for (const [address, key] of asked.size > 0 ? asked : keys) {
      const to = followed(before, now, address);
      // Of equal modules two can seem to have gone to one place.
      if (to !== undefined && !moved.has(to)) moved.set(to, key);
    }
    keys = moved;
    asked = new Map();
  }

  return { keyOf, keyOfPlace, follow };
}
