import { setTimeout as wait } from 'node:timers/promises';
import Database from 'libsql';
import { isErrorWithCode } from './failures.ts';

const millisecondsBetween = 500;

/**
 * Works while no other process does so under the same file's name. The lock is that of a small database: the system
 * lets it go with its process, however that ends. `onWait` is told now and then while another works.
 */
export async function whileAlone<Outcome>(
  file: string,
  { signal, onWait }: { readonly signal?: AbortSignal | undefined; readonly onWait: () => Promise<void> },
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const lock = new Database(file, { timeout: 0 });
  try {
    while (!isTaken(lock)) {
      await onWait();
      await wait(millisecondsBetween, undefined, { signal }).catch(() => undefined);
      signal?.throwIfAborted();
    }
    return await work();
  } finally {
    lock.close();
  }
}

function isTaken(lock: Database.Database): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (isErrorWithCode(error, 'SQLITE_BUSY', 'SQLITE_LOCKED')) return false;
    throw error;
  }
}
