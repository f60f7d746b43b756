/** What a cell of a table holds. */
export type Cell =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'text' } | { readonly kind: 'empty' };

/** Whether a table writes one and a half as 1.5 or as 1,5. */
export type DecimalSign = '.' | ',';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** With points between the thousands or without. */
const commaNumber = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?(e[+-]?\d+)?$/i;
const missingWords = new Set(['', 'na', 'n/a', 'nan', 'null', 'none', '?', '-']);

/** Beyond it a number does not fit into the 32 bits that a network computes with. */
const mostFloat = 3.4028234663852886e38;

/** Words such as NA, null and - are empty: a column of text may still have a class of that name. */
export function readCell(text: string, decimal: DecimalSign = '.'): Cell {
  const written = decimal === ',' ? withPoint(text) : text;
  if (number.test(written)) {
    const value = Number(written);
    return Math.abs(value) <= mostFloat ? { kind: 'number', value } : { kind: 'text' };
  }
  return missingWords.has(text.toLowerCase()) ? { kind: 'empty' } : { kind: 'text' };
}

/** A number with a decimal comma as one with a point; other text as it is. */
function withPoint(text: string): string {
  if (!commaNumber.test(text) || !/\d/.test(text)) return text;
  return text.replaceAll('.', '').replace(',', '.');
}

/**
 * One text for each value: 1, 1.0 and 1e0 are the same class, and whole numbers beyond 2^53 stay apart. Text that is
 * no number is returned as it is.
 */
export function canonicalNumber(text: string, decimal: DecimalSign = '.'): string {
  const written = decimal === ',' ? withPoint(text) : text;
  if (!number.test(written)) return text;
  const whole = /^([+-]?\d+)\.?0*$/.exec(written)?.[1];
  return whole === undefined ? String(Number(written)) : String(BigInt(whole.replace('+', '')));
}
