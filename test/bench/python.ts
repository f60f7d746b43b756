import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../main/paths.ts';

const run = promisify(execFile);
const torchVersion = '2.13.0';

/**
 * A Python with PyTorch of libtorch's version, in the cache; made at the first bench. `more`: packages that are put
 * beside it, where they are not there yet. Null and a sentence if not to be had.
 */
export async function pythonWithTorch(
  say: (text: string) => void,
  more: readonly string[] = [],
): Promise<string | null> {
  const folder = path.join(cacheFolder(), 'bench-python');
  const python = path.join(folder, 'bin', 'python');
  const ready = path.join(folder, `torch-${torchVersion}`);
  try {
    if (!(await exists(ready))) {
      say(`installing Python's torch ${torchVersion} for comparison, once …`);
      await rm(folder, { recursive: true, force: true });
      await run('python3', ['-m', 'venv', folder]);
      await install(python, [`torch==${torchVersion}`, 'numpy']);
      await mkdir(ready);
    }
    if (more.length > 0) await install(python, more);
    return python;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    say(`Python's torch ${torchVersion} cannot be had, so there is nothing to compare with: ${reason ?? ''}`);
    return null;
  }
}

async function install(python: string, requirements: readonly string[]): Promise<void> {
  const options = ['--quiet', '--retries', '0', '--timeout', '10'];
  await run(python, ['-m', 'pip', 'install', ...options, ...requirements], { maxBuffer: 1e8 });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
