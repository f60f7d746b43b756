/**
 * Runs from one to another in the order of the table, at most so many, the one first. Only the other where the one is
 * not listed. Rows that are not fetched are undefined.
 */
export function runsBetween(
  order: readonly (string | undefined)[],
  from: string | undefined,
  to: string,
  most: number,
): readonly string[] {
  const [first, last] = [order.indexOf(from), order.indexOf(to)];
  if (from === undefined || first < 0 || last < 0) return [to];
  const listed = order.slice(Math.min(first, last), Math.max(first, last) + 1);
  return (first <= last ? listed : listed.toReversed()).filter((run) => run !== undefined).slice(0, most);
}
