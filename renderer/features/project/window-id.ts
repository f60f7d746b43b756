import type { HeldDocument } from '../../../core/contract/projects.ts';

const idKey = 'torchwright.window';
const leftKey = 'torchwright.left';
const documentKey = 'torchwright.document';
const workKey = 'torchwright.work';

/**
 * Names this window to the workbench, the same after a reload. A tab that was duplicated has a copy of the other's
 * session: it lacks the mark that a page leaves when it goes, and gets a name of its own.
 */
export const windowId = ownId();

function ownId(): string {
  const before = sessionStorage.getItem(idKey);
  const isBack = sessionStorage.getItem(leftKey) !== null;
  sessionStorage.removeItem(leftKey);
  if (!isBack) for (const key of [documentKey, workKey]) sessionStorage.removeItem(key);
  const id = before !== null && isBack ? before : crypto.randomUUID();
  sessionStorage.setItem(idKey, id);
  addEventListener('pagehide', () => sessionStorage.setItem(leftKey, 'yes'));
  addEventListener('pageshow', () => sessionStorage.removeItem(leftKey));
  return id;
}

/** The document that this window had open before it was loaded again. */
export function documentBefore(): string | null {
  return sessionStorage.getItem(documentKey);
}

export function rememberDocument(key: string): void {
  sessionStorage.setItem(documentKey, key);
}

/** What the window had in it when its page went: the workbench may not have heard of the last change. */
export function rememberWork(work: HeldDocument | null): void {
  if (work === null) sessionStorage.removeItem(workKey);
  else sessionStorage.setItem(workKey, JSON.stringify(work));
}

export function workBefore(): HeldDocument | null {
  const written = sessionStorage.getItem(workKey);
  sessionStorage.removeItem(workKey);
  return written === null ? null : (JSON.parse(written) as HeldDocument);
}
