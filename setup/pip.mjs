// Python's pip as a source of files: its mirrors, local folders and certificates are already set up by the user.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { lastLines, runTool } from './tool.mjs';

const python = process.platform === 'win32' ? 'python' : 'python3';

/** Where an installed Python keeps a package, and its version; null if it is not installed. Does not import it. */
export async function findInstalled(name) {
  const program = `
import importlib.metadata, importlib.util, json, os
spec = importlib.util.find_spec('${name}')
print(json.dumps({'version': importlib.metadata.version('${name}'), 'folder': os.path.dirname(spec.origin)}))`;
  const { code, output } = await runTool(python, ['-c', program]);
  try {
    return code === 0 ? JSON.parse(output) : null;
  } catch {
    return null;
  }
}

export async function hasPip() {
  return (await runTool(python, ['-m', 'pip', '--version'])).code === 0;
}

/** Downloads into a folder. Returns { files } or, if nothing came, { problem } as pip put it. */
export async function download(folder, requirements, args) {
  const { code, output } = await runTool(
    python,
    // A machine without a way out should find so at once, not after pip's usual five tries.
    [
      '-m',
      'pip',
      'download',
      '--retries',
      '0',
      '--timeout',
      '10',
      '--dest',
      folder,
      '--no-input',
      ...args,
      ...requirements,
    ],
    { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_CACHE_DIR: '1' } },
  );
  if (code !== 0) return { problem: lastLines(output, 1) };
  return { files: (await readdir(folder)).map((name) => path.join(folder, name)) };
}
