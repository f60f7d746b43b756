/** A number as a person writes it: 0.00001, 3.5e-5, 1e-6, no digits of binary rounding. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const rounded = Number(value.toPrecision(8));
  const [plain, power] = [String(rounded), rounded.toExponential()];
  return plain.length > 7 && power.length < plain.length ? power : plain;
}

/** 1,000 and 12,500,000, where the comma may part thousands. 0,125 has a decimal comma. */
const grouped = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;

/**
 * A number, also with a decimal comma or as a fraction of two: 1/127.5. Undefined for nothing; what is no number stays
 * the text it is, and so does 1,000, which may be a thousand or one, unless the number is a whole one.
 */
export function readNumber(written: string, isWhole = false): number | string | undefined {
  const text = written.trim();
  if (text === '') return undefined;
  if (grouped.test(text)) return isWhole ? Number(text.replaceAll(',', '')) : text;
  const parts = text.replace(',', '.').split('/');
  const [above, below] = parts.map((part) => (part.trim() === '' ? NaN : Number(part)));
  const value = parts.length === 1 ? above! : parts.length === 2 ? above! / below! : NaN;
  return Number.isFinite(value) ? value : text;
}

/** Why a text cannot be taken that may be two numbers. */
export function ambiguity(written: string, isWhole = false): string | undefined {
  const text = written.trim();
  if (isWhole || !grouped.test(text)) return undefined;
  const thousands = text.replaceAll(',', '');
  const parts = text.split(',');
  const meanings = parts.length === 2 ? `${thousands} or ${parts.join('.')}` : thousands;
  return `Write ${meanings}, without a comma.`;
}

export interface ReadList {
  readonly entries: readonly (number | string)[];
  /** Why the text cannot be taken, since it may be several lists. */
  readonly ambiguity?: string;
}

/**
 * A list of numbers, separated by commas, semicolons or spaces. Where semicolons or spaces separate them, a comma between
 * digits is a decimal comma: 0,01; 0,001. Where commas alone stand between digits, they separate whole numbers; in a list
 * of other numbers they may be either, unless a decimal point or a zero beside them shows which: 0.1,0.01 or 0,01.
 */
export function readList(written: string, isWhole = false): ReadList {
  const text = written.trim();
  const words = text.split(separator);
  const isCommaDecimal = text.includes(';') || (words.length > 1 && !separatingComma.test(text));
  const lists = words.map((word) => readWord(word, isWhole, isCommaDecimal));
  const { ambiguity: unclear } = lists.find((list) => list.ambiguity !== undefined) ?? {};
  const entries = lists.flatMap((list) => list.entries);
  return unclear === undefined ? { entries } : { entries, ambiguity: unclear };
}

/** With a space or an end beside it. */
const separatingComma = /,(?=\s|$)|(?<=^|\s),/;
const separator = /\s*;\s*|\s*,(?=\s|$)\s*|(?<=^|\s),|\s+/;

/** What may stand on either side of a decimal comma. */
const wholePart = /^[-+]?\d+$/;
const fractionPart = /^\d[^.]*$/;
/** After a comma that separates no number: a decimal comma, or one between thousands. */
const leadingZero = /^0\d/;

function readWord(word: string, isWhole: boolean, isCommaDecimal: boolean): ReadList {
  const parts = word.split(',').filter((part) => part !== '');
  const entries = parts.flatMap((part) => readNumber(part) ?? []);
  const unclear = parts.slice(1).filter((part, index) => wholePart.test(parts[index]!) && fractionPart.test(part));
  const hasLeadingZero = unclear.some((part) => leadingZero.test(part));
  const areSeparate = isWhole ? !hasLeadingZero : unclear.length === 0;
  if (parts.length === 2 && unclear.length === 1 && (isCommaDecimal || (hasLeadingZero && !isWhole))) {
    const sentence = ambiguity(word, isWhole);
    const entry = [readNumber(word, isWhole)!];
    return sentence === undefined ? { entries: entry } : { entries: entry, ambiguity: sentence };
  }
  return areSeparate ? { entries } : { entries, ambiguity: listAmbiguity(parts, isWhole) };
}

function listAmbiguity(parts: readonly string[], isWhole: boolean): string {
  if (isWhole) return 'Write a comma and a space between numbers, and no comma within them: 1000, 2000.';
  if (parts.some((part) => leadingZero.test(part))) {
    return 'Write decimals with a point, and a comma and a space between numbers: 0.01, 0.001.';
  }
  const list = parts.join(', ');
  return parts.length === 2
    ? `Write ${parts.join('.')}, or ${list} with a space after the comma.`
    : `Write ${list} with a space after each comma, or decimals with a point.`;
}
