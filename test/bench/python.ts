import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../main/paths.ts';

const run = promisify(execFile);
const torchVersion = '2.13.0';

/** A Python with PyTorch of libtorch's version, in the cache; made at the first bench. Null and a sentence if not to be had. */
export async function pythonWithTorch(say: (text: string) => void): Promise<string | null> {
  const folder = path.join(cacheFolder(), 'bench-python');
  const python = path.join(folder, 'bin', 'python');
  const ready = path.join(folder, `torch-${torchVersion}`);
  if (await exists(ready)) return python;
  say(`installing Python's torch ${torchVersion} for comparison, once …`);
  try {
    await rm(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder]);
    const requirements = [`torch==${torchVersion}`, 'numpy'];
    await run(python, ['-m', 'pip', 'install', '--quiet', '--retries', '0', '--timeout', '10', ...requirements], {
      maxBuffer: 1e8,
    });
    await mkdir(ready);
    return python;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    say(`Python's torch ${torchVersion} cannot be had, so there is nothing to compare with: ${reason ?? ''}`);
    return null;
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
