/** Settings that are not the same in all documents. */
export interface DifferentSetting {
  readonly path: string;
  /** One a document; undefined: not written there. */
  readonly values: readonly unknown[];
}

/** Leaves of the documents that differ, in the order of the first. Lists of plain values count as one leaf. */
export function differences(documents: readonly unknown[]): readonly DifferentSetting[] {
  const leaves = documents.map((document) => new Map(leavesOf(document, '')));
  const paths = new Set(leaves.flatMap((leaf) => [...leaf.keys()]));
  return [...paths]
    .map((path) => ({ path, values: leaves.map((leaf) => leaf.get(path)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function* leavesOf(value: unknown, path: string): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== 'object' || entry === null)) yield [path, value];
    else for (const [index, entry] of value.entries()) yield* leavesOf(entry, `${path}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, entry] of Object.entries(value))
      yield* leavesOf(entry, path === '' ? field : `${path}.${field}`);
  } else yield [path, value];
}
