/** Which run a window showed last with each document, so that it is there again when the window is opened anew. */

const key = 'torchwright-runs-of-documents';
/** The oldest go. */
const mostKept = 100;

export function rememberRun(document: string, run: string, storage: Storage = localStorage): void {
  const others = read(storage).filter(([other]) => other !== document);
  try {
    storage.setItem(key, JSON.stringify([[document, run], ...others].slice(0, mostKept)));
  } catch {
    // A full or forbidden storage only means that Train begins empty.
  }
}

/** Null: none is known. */
export function rememberedRun(document: string, storage: Storage = localStorage): string | null {
  return read(storage).find(([other]) => other === document)?.[1] ?? null;
}

function read(storage: Storage): readonly (readonly [document: string, run: string])[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isPair) : [];
  } catch {
    return [];
  }
}

function isPair(entry: unknown): entry is [string, string] {
  return Array.isArray(entry) && entry.length === 2 && entry.every((each) => typeof each === 'string');
}
