import type { Address } from '../network/address.ts';

/**
 * Where modules are to be put. `at`: `address` is what the first of them will have, between others of a list or in an
 * empty slot. `before` and `after`: beside the one that stands alone at `address`; both become a Sequential there.
 */
export interface Target {
  readonly address: Address;
  readonly side: 'at' | 'before' | 'after';
}
