/**
 * The columns that a setting of the target means. A text that is no column's name, but several with commas between them,
 * means these; a name may itself have commas. Otherwise what is asked for stays as it is.
 */
export function targetColumns(
  asked: string | readonly string[] | undefined,
  names: readonly string[],
): readonly string[] {
  if (asked === undefined) return [];
  if (typeof asked !== 'string') return asked;
  return names.includes(asked) ? [asked] : (namesIn(asked.split(','), new Set(names)) ?? [asked]);
}

/** Of the names that go on, the longest that is one comes first; null: they are not all names. */
function namesIn(parts: readonly string[], names: ReadonlySet<string>): readonly string[] | null {
  const found: string[] = [];
  for (let at = 0; at < parts.length;) {
    let end = parts.length;
    while (end > at && !names.has(parts.slice(at, end).join(',').trim())) end -= 1;
    if (end === at) return null;
    found.push(parts.slice(at, end).join(',').trim());
    at = end;
  }
  return found;
}
