/** What of a spot makes it another view; the rest are selections within it. */
interface View {
  readonly place: string;
  readonly dataset: string | null;
}

/**
 * How the entry of the history that the page is at becomes the spot where the user is; null: it is that already. After
 * Back and Forward the page may differ in a selection from the entry it is at: a new entry would end the way forward.
 */
export function wayToNote<Spot extends View>(now: Spot, noted: Spot | null): 'push' | 'replace' | null {
  if (noted === null) return 'replace';
  if (JSON.stringify(now) === JSON.stringify(noted)) return null;
  return isSameView(now, noted) ? 'replace' : 'push';
}

/** Back leaves a view; it does not undo every selection within it. */
function isSameView(one: View, other: View): boolean {
  return one.place === other.place && (one.place !== 'data' || one.dataset === other.dataset);
}
