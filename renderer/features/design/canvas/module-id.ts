import type { Address } from '../../../../core/network/address.ts';

/** Id of a module's element on the page, by which the canvas says which one the keyboard is on. */
export function idOf(address: Address): string {
  return `drawn ${address}`.replaceAll(/\s/g, '-');
}
