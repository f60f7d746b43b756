// Where things lie. The same rules as main/paths.ts, written again because this must run before anything is installed.

import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const libtorchVersion = '2.13.0';

/** The folder that holds package.json. */
export const repositoryFolder = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
export const buildFolder = path.join(repositoryFolder, 'build');
export const nativeSourceFolder = path.join(repositoryFolder, 'native');
export const nativeBuildFolder = path.join(buildFolder, 'native');
export const addonFile = path.join(nativeBuildFolder, 'torchwright.node');
/** What Node has compiled of the sources, so that the command line starts in .3 s instead of .8. */
export const compiledFolder = path.join(buildFolder, 'compiled');
export const nodeModulesFolder = path.join(repositoryFolder, 'node_modules');
/** The Node that the sources are written for, from the npm registry: node_modules/node. */
export const projectNode = path.join(
  nodeModulesFolder,
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** Things that can be fetched again, shared between clones: libtorch, data sets. */
export const cacheFolder = chooseFolder('TORCHWRIGHT_CACHE', 'XDG_CACHE_HOME', '.cache', 'Caches', 'cache');
/** The user's own things: runs and settings. */
export const homeFolder = chooseFolder(
  'TORCHWRIGHT_HOME',
  'XDG_DATA_HOME',
  path.join('.local', 'share'),
  'Application Support',
  'data',
);

function chooseFolder(own, xdg, unix, library, windows) {
  const { env, platform } = process;
  if (env[own]) return path.resolve(env[own]);
  if (platform === 'darwin') return path.join(homedir(), 'Library', library, 'torchwright');
  if (platform === 'win32') {
    return path.join(env.LOCALAPPDATA || path.join(homedir(), 'AppData', 'Local'), 'torchwright', windows);
  }
  return path.join(env[xdg] || path.join(homedir(), unix), 'torchwright');
}
