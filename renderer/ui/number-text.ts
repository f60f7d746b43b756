/** A number as a person writes it: 1e-5 stays, 0.05 stays, no digits of binary rounding. */
export function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(8)));
}

/**
 * A number, also with a decimal comma or as a fraction of two: 1/127.5. Undefined for nothing; what is no number stays
 * the text it is.
 */
export function readNumber(written: string): number | string | undefined {
  const text = written.trim();
  if (text === '') return undefined;
  const parts = text.replace(',', '.').split('/');
  const [above, below] = parts.map((part) => (part.trim() === '' ? NaN : Number(part)));
  const value = parts.length === 1 ? above! : parts.length === 2 ? above! / below! : NaN;
  return Number.isFinite(value) ? value : text;
}
