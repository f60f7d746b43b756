import { realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * The path that `given` means, if it lies within `folder`; null if it lies elsewhere or is the folder itself. Both are
 * resolved before they are compared, so `..`, `.` and doubled slashes do not count. A relative path begins at the
 * folder. Every path that comes from outside (a browser, an address, a file) is checked here and nowhere else.
 */
export function pathInside(folder: string, given: string): string | null {
  // The system would end the path there.
  if (given.includes('\0')) return null;
  const root = path.resolve(folder);
  const whole = path.resolve(root, given);
  const steps = path.relative(root, whole);
  // On Windows the way to another drive is an absolute path.
  const isOutside = steps === '' || path.isAbsolute(steps) || steps.split(path.sep)[0] === '..';
  return isOutside ? null : whole;
}

/** Whether `file` is the folder or lies within it after symbolic links are followed. False if it does not exist. */
export async function isReallyInside(folder: string, file: string): Promise<boolean> {
  try {
    const [root, whole] = await Promise.all([realpath(folder), realpath(file)]);
    return root === whole || pathInside(root, whole) !== null;
  } catch {
    return false;
  }
}
