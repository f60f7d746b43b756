// Where libtorch is: given by the user, fetched before, or part of an installed Python torch; else it is fetched.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fetchLibtorch } from './fetch-libtorch.mjs';
import { withSharedLock } from './lock.mjs';
import { cacheFolder, libtorchVersion } from './paths.mjs';
import { findInstalled } from './pip.mjs';
import { say, SetupError } from './report.mjs';

/** What is wanted without being asked: the CUDA build where there is an NVIDIA GPU. */
export function wantedBuild() {
  return hasNvidiaDriver() ? 'cuda' : 'cpu';
}

function hasNvidiaDriver() {
  if (process.platform === 'win32')
    return existsSync(path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'nvcuda.dll'));
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}

export function fetchedFolder(build) {
  return path.join(cacheFolder, 'libtorch', `${libtorchVersion}-${build}`, 'torch');
}

/** { folder, version, build, source } of a libtorch that is already here; null if there is none that fits. */
export async function findLibtorch(build) {
  const given = process.env.TORCHWRIGHT_LIBTORCH;
  if (given) {
    const found = await describe(path.resolve(given), 'TORCHWRIGHT_LIBTORCH');
    if (found) return found;
    throw new SetupError(
      `TORCHWRIGHT_LIBTORCH is ${given}, which holds no libtorch: give the folder with include/ and lib/, or unset it.`,
    );
  }
  const fetched = await describe(fetchedFolder(build), 'fetched before');
  if (fetched) return fetched;
  const installed = await findInstalled('torch');
  if (installed?.version.split('+')[0] !== libtorchVersion) return null;
  const python = await describe(installed.folder, 'the installed Python torch');
  return python && (build === 'cpu' || python.build === 'cuda') ? python : null;
}

/** As findLibtorch, but fetches what is not there. `isInsistent`: the user asked for this very build. */
export async function ensureLibtorch(build, isInsistent) {
  const found = await findLibtorch(build);
  if (found) return found;
  try {
    await withSharedLock(`libtorch-${build}`, async () => {
      if (!existsSync(fetchedFolder(build))) await fetchLibtorch(build, path.dirname(fetchedFolder(build)));
    });
    return await describe(fetchedFolder(build), 'fetched now');
  } catch (error) {
    if (build === 'cpu' || isInsistent || !(error instanceof SetupError)) throw error;
    say(`${error.message}\nset-up: going on with the CPU build; "npm run setup -- --cuda" tries again`);
    return ensureLibtorch('cpu', true);
  }
}

const apiFolder = ['csrc', 'api', 'include', 'torch'];

async function describe(folder, source) {
  const headers = path.join(folder, 'include', 'torch');
  const libraries = path.join(folder, 'lib');
  if (!existsSync(path.join(headers, ...apiFolder, 'torch.h'))) return null;
  if (!existsSync(path.join(libraries, libraryName('torch_cpu')))) return null;
  let version;
  // Newer releases have the macro in the first file, older ones in the second.
  for (const place of [['headeronly'], apiFolder]) {
    const text = await readFile(path.join(headers, ...place, 'version.h'), 'utf8').catch(() => '');
    version ??= /define TORCH_VERSION\s[\s\\]*"([^"]+)"/.exec(text)?.[1];
  }
  const build = existsSync(path.join(libraries, libraryName('torch_cuda'))) ? 'cuda' : 'cpu';
  return { folder, version: version ?? 'of unknown version', build, source };
}

export function libraryName(name) {
  if (process.platform === 'win32') return `${name}.dll`;
  return `lib${name}.${process.platform === 'darwin' ? 'dylib' : 'so'}`;
}
