/** What a cell of a table holds. */
export type Cell =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'text' } | { readonly kind: 'empty' };

/** Whether a table writes one and a half as 1.5 or as 1,5. */
export type DecimalSign = '.' | ',';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** With points between the thousands or without. */
const commaNumber = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)?(,\d*)?(e[+-]?\d+)?$/i;
/** With commas between the thousands, where the decimal sign is a point. */
const groupedNumber = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const missingWords = new Set([
  ...['', 'na', 'n/a', 'n.a.', '#n/a', 'nan', 'null', 'nil', 'none', '?', '-', '--'],
  // German, as of a spreadsheet and of people.
  ...['#nv', 'k.a.', 'k. a.'],
]);

/** Beyond it a number does not fit into the 32 bits that a network computes with. */
const mostFloat = 3.4028234663852886e38;

/**
 * Words such as NA, null and - are empty: a column of text may still have a class of that name. 12 % is 12, as 1,200 is
 * 1200 where the decimal sign is a point.
 */
export function readCell(text: string, decimal: DecimalSign = '.'): Cell {
  const written = plainNumber(isPercent(text) ? text.slice(0, -1).trimEnd() : text, decimal);
  if (number.test(written)) {
    const value = Number(written);
    return Math.abs(value) <= mostFloat ? { kind: 'number', value } : { kind: 'text' };
  }
  return missingWords.has(text.toLowerCase()) ? { kind: 'empty' } : { kind: 'text' };
}

export function isPercent(text: string): boolean {
  return /^[+-]?[\d.,]+\s?%$/.test(text);
}

export function isGrouped(text: string): boolean {
  return groupedNumber.test(text);
}

const flagWords: Readonly<Record<string, number>> = {
  ...{ true: 1, yes: 1, wahr: 1, ja: 1, vrai: 1, oui: 1, sí: 1 },
  ...{ false: 0, no: 0, falsch: 0, nein: 0, faux: 0, non: 0 },
};

/** 1 of yes and true, 0 of no and false, in a few languages; null of anything else. */
export function readFlag(text: string): number | null {
  return flagWords[text.toLowerCase()] ?? null;
}

/** A number with a decimal point and nothing between its thousands; other text as it is. */
function plainNumber(text: string, decimal: DecimalSign): string {
  if (decimal === '.') return groupedNumber.test(text) ? text.replaceAll(',', '') : text;
  if (!commaNumber.test(text) || !/\d/.test(text)) return text;
  return text.replaceAll('.', '').replace(',', '.');
}

/**
 * One text for each value: 1, 1.0 and 1e0 are the same class, and whole numbers beyond 2^53 stay apart. Text that is
 * no number is returned as it is.
 */
export function canonicalNumber(text: string, decimal: DecimalSign = '.'): string {
  const written = plainNumber(text, decimal);
  if (!number.test(written)) return text;
  const whole = /^([+-]?\d+)\.?0*$/.exec(written)?.[1];
  return whole === undefined ? String(Number(written)) : String(BigInt(whole.replace('+', '')));
}
