/** What a cell of a table holds. */
export type Cell =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'text' } | { readonly kind: 'empty' };

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const empties = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/** Numbers as programs write them, with a point; the usual words for nothing are empty. */
export function readCell(text: string): Cell {
  if (number.test(text)) {
    const value = Math.fround(Number(text));
    // Beyond what 32 bits hold.
    return Number.isFinite(value) ? { kind: 'number', value } : { kind: 'text' };
  }
  return empties.has(text.toLowerCase()) ? { kind: 'empty' } : { kind: 'text' };
}
