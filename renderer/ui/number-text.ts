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
