/** Past, present and future of an immutable document. */
export interface History<Document> {
  readonly past: readonly Document[];
  readonly present: Document;
  readonly future: readonly Document[];
  /** What the last change was about and when, in milliseconds; changes close together about the same thing are undone together. */
  readonly last: { readonly about: string; readonly time: number } | null;
}

/** Milliseconds within which changes about the same thing are one. */
const together = 1000;

export function beginHistory<Document>(present: Document): History<Document> {
  return { past: [], present, future: [], last: null };
}

export function changed<Document>(
  history: History<Document>,
  next: Document,
  about: string,
  time: number,
): History<Document> {
  const { past, present, last } = history;
  const goesOn = last?.about === about && time - last.time < together;
  return { past: goesOn ? past : [...past, present], present: next, future: [], last: { about, time } };
}

/** What comes next is undone by itself, however soon it comes. */
export function settled<Document>(history: History<Document>): History<Document> {
  return history.last === null ? history : { ...history, last: null };
}

export function undone<Document>(history: History<Document>): History<Document> {
  const { past, present, future } = history;
  if (past.length === 0) return history;
  return { past: past.slice(0, -1), present: past.at(-1)!, future: [present, ...future], last: null };
}

export function redone<Document>(history: History<Document>): History<Document> {
  const { past, present, future } = history;
  const [next, ...rest] = future;
  if (next === undefined) return history;
  return { past: [...past, present], present: next, future: rest, last: null };
}
