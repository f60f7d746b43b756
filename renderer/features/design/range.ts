import { isInside } from '../../../core/editing/selected.ts';
import { addressAround } from '../../../core/network/address.ts';
import type { Address } from '../../../core/network/address.ts';

/**
 * Modules from one to another, the one first. In one container those between them that stand there too; otherwise all
 * that are listed between them, without the containers around either end: these do not lie between. `order` lists
 * containers before what is in them. Only the other where the one is not listed.
 */
export function rangeOf(order: readonly Address[], from: Address | undefined, to: Address): readonly Address[] {
  const [first, last] = [order.indexOf(from ?? ''), order.indexOf(to)];
  if (from === undefined || first < 0 || last < 0) return [to];
  const listed = order.slice(Math.min(first, last), Math.max(first, last) + 1);
  const container = addressAround(from);
  const isWithin =
    container === addressAround(to)
      ? (address: Address) => addressAround(address) === container
      : (address: Address) => address === from || address === to || ![from, to].some((end) => isInside(end, address));
  const range = listed.filter(isWithin);
  return first <= last ? range : range.toReversed();
}
