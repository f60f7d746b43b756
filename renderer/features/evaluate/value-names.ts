interface Named {
  readonly inputShape: readonly number[];
  readonly columnNames: readonly string[];
}

/** What the numbers of a sample are called: its columns, or where an array has none, their places in it: `2, 0`. */
export function valueNames({ inputShape, columnNames }: Named): readonly string[] {
  if (columnNames.length > 0) return columnNames;
  return inputShape.reduce<readonly string[]>(
    (names, size) =>
      names.flatMap((name) =>
        Array.from({ length: size }, (_, place) => (name === '' ? String(place) : `${name}, ${place}`)),
      ),
    [''],
  );
}
