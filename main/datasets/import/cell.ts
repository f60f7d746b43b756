/** What a cell of a table holds. */
export type Cell =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'text' } | { readonly kind: 'empty' };

/** Whether a table writes one and a half as 1.5 or as 1,5. */
export type DecimalSign = '.' | ',';

/** What can stand between the thousands of a number, as a report names it. */
export type ThousandsMark = 'commas' | 'points' | 'apostrophes' | 'spaces';

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** With nothing between the thousands, or the same mark between all of them: not the decimal sign, and never behind a 0. */
const written: Readonly<Record<DecimalSign, RegExp>> = {
  '.': /^[+-]?(?:\d*(?:\.\d*)?(?:e[+-]?\d+)?|[1-9]\d{0,2}([,'’ \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:\.\d*)?)$/i,
  ',': /^[+-]?(?:\d*(?:,\d*)?(?:e[+-]?\d+)?|[1-9]\d{0,2}([.'’ \u00a0\u2009\u202f])\d{3}(?:\1\d{3})*(?:,\d*)?)$/i,
};
const missingWords = new Set([
  ...['', 'na', 'n/a', 'n.a.', '#n/a', 'nan', 'null', 'nil', 'none', '?', '-', '--'],
  // German, as of a spreadsheet and of people.
  ...['#nv', 'k.a.', 'k. a.'],
]);

/** The length of 1,000. */
const shortestGrouped = 5;

/** Beyond it a number does not fit into the 32 bits that a network computes with. */
const mostFloat = 3.4028234663852886e38;

/**
 * Words such as NA, null and - are empty: a column of text may still have a class of that name. 12 % is 12, as 1,200 is
 * 1200 where the decimal sign is a point.
 */
export function readCell(text: string, decimal: DecimalSign = '.'): Cell {
  const plain = anyNumber(withoutPercent(text), decimal);
  if (plain !== null) {
    const value = Number(plain);
    return Math.abs(value) <= mostFloat ? { kind: 'number', value } : { kind: 'text' };
  }
  return missingWords.has(text.toLowerCase()) ? { kind: 'empty' } : { kind: 'text' };
}

export function isPercent(text: string): boolean {
  return text.endsWith('%') && /^[+-]?[\d.,'’\s]+%$/.test(text);
}

/** Null: nothing stands between the thousands of the number. */
export function thousandsMark(text: string, decimal: DecimalSign): ThousandsMark | null {
  if (text.length < shortestGrouped) return null;
  const mark = written[decimal].exec(withoutPercent(text))?.[1];
  if (mark === undefined) return null;
  if (mark === ',') return 'commas';
  if (mark === '.') return 'points';
  return mark === "'" || mark === '’' ? 'apostrophes' : 'spaces';
}

/** The decimal sign that a number is written with. */
export interface ShownSign {
  readonly decimal: DecimalSign;
  /** False of 1.561 and 1,561, whose only sign may as well stand behind the thousands. */
  readonly isCertain: boolean;
}

/** Null of what has neither sign, and of what is not a number with either. */
export function shownSign(text: string): ShownSign | null {
  const hasComma = text.includes(',');
  if (!hasComma && !text.includes('.')) return null;
  const bare = withoutPercent(text);
  const isWithPoint = plainNumber(bare, '.') !== null;
  const couldBeGrouped = hasComma || bare.at(-4) === '.';
  const isWithComma = (couldBeGrouped || !isWithPoint) && plainNumber(bare, ',') !== null;
  if (isWithPoint && isWithComma) return { decimal: hasComma ? ',' : '.', isCertain: false };
  if (isWithPoint) return { decimal: '.', isCertain: true };
  return isWithComma ? { decimal: ',', isCertain: true } : null;
}

const flagWords: Readonly<Record<string, number>> = {
  ...{ true: 1, yes: 1, wahr: 1, ja: 1, vrai: 1, oui: 1, sí: 1 },
  ...{ false: 0, no: 0, falsch: 0, nein: 0, faux: 0, non: 0 },
};

/** 1 of yes and true, 0 of no and false, in a few languages; null of anything else. */
export function readFlag(text: string): number | null {
  return flagWords[text.toLowerCase()] ?? null;
}

function withoutPercent(text: string): string {
  return isPercent(text) ? text.slice(0, -1).trimEnd() : text;
}

/** Where the decimal sign is a comma, 1.5 can still be nothing but one and a half. */
function anyNumber(text: string, decimal: DecimalSign): string | null {
  return plainNumber(text, decimal) ?? (number.test(text) ? text : null);
}

/** With a decimal point and nothing between its thousands; null: the text is not a number that is written so. */
function plainNumber(text: string, decimal: DecimalSign): string | null {
  if (decimal === '.' && number.test(text)) return text;
  const found = written[decimal].exec(text);
  if (found === null) return null;
  const whole = found[1] === undefined ? text : text.replaceAll(found[1], '');
  const plain = decimal === ',' ? whole.replace(',', '.') : whole;
  return number.test(plain) ? plain : null;
}

/**
 * One text for each value: 1, 1.0 and 1e0 are the same class, and whole numbers beyond 2^53 stay apart. Text that is
 * no number is returned as it is.
 */
export function canonicalNumber(text: string, decimal: DecimalSign = '.'): string {
  const plain = anyNumber(text, decimal);
  if (plain === null) return text;
  const whole = /^([+-]?\d+)\.?0*$/.exec(plain)?.[1];
  return whole === undefined ? String(Number(plain)) : String(BigInt(whole.replace('+', '')));
}
