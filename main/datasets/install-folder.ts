import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isErrorWithCode, withFile } from '../failures.ts';
import { makeFolder, syncFolder } from '../files.ts';
import { isRunning } from '../process-identity.ts';
import { isThere } from './check-files.ts';

/**
 * Puts a folder in place whole or not at all: `build` fills one beside it, which is then renamed. Two processes may
 * do this at once: the first to finish wins, the other throws its work away.
 */
export async function installFolder(target: string, build: (temporary: string) => Promise<void>): Promise<void> {
  const parent = path.dirname(target);
  await makeFolder(parent);
  await removeAbandoned(parent);
  await withFile(target, async () => {
    const temporary = await mkdtemp(path.join(parent, `.${path.basename(target)}-${process.pid}-`));
    try {
      await build(temporary);
      // mkdtemp makes it readable for the owner alone.
      await chmod(temporary, 0o755);
      await rename(temporary, target).catch(async (error: unknown) => {
        if (!isErrorWithCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM') || !(await isThere(target))) throw error;
      });
      await syncFolder(parent);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** What a killed process left behind. The number of a dead process may have been given again: then it stays for another time. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = /^\..+-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid !== undefined && !(await isRunning(Number(pid)))) {
      await rm(path.join(parent, name), { recursive: true, force: true });
    }
  }
}
