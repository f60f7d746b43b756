import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** The folder that holds package.json, resources and build: above main/, or above out/main/ where this was bundled. */
export const repositoryFolder = findRepository(import.meta.dirname);

function findRepository(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findRepository(path.dirname(folder));
}

export const resourcesFolder = path.join(repositoryFolder, 'resources');
export const recipesFolder = path.join(resourcesFolder, 'recipes');

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the user's own things lie: runs and settings. */
export function homeFolder(environment: Environment = process.env): string {
  if (environment['TORCHWRIGHT_HOME']) return path.resolve(environment['TORCHWRIGHT_HOME']);
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'torchwright');
  if (process.platform === 'win32') return path.join(windowsLocal(environment), 'torchwright', 'data');
  return path.join(environment['XDG_DATA_HOME'] || path.join(homedir(), '.local', 'share'), 'torchwright');
}

/** Where things lie that can be fetched again: libtorch, data sets. The set-up program knows the same rule (setup/paths.mjs). */
export function cacheFolder(environment: Environment = process.env): string {
  if (environment['TORCHWRIGHT_CACHE']) return path.resolve(environment['TORCHWRIGHT_CACHE']);
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'torchwright');
  if (process.platform === 'win32') return path.join(windowsLocal(environment), 'torchwright', 'cache');
  return path.join(environment['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'torchwright');
}

function windowsLocal(environment: Environment): string {
  return environment['LOCALAPPDATA'] || path.join(homedir(), 'AppData', 'Local');
}

/** Where the browser form keeps projects; Electron's dialogs begin here. */
export function projectsFolder(): string {
  return path.join(homeFolder(), 'projects');
}

/** Work that was not saved yet. */
export function unsavedFolder(): string {
  return path.join(homeFolder(), 'unsaved');
}

export function datasetsFolder(environment: Environment = process.env): string {
  return path.join(cacheFolder(environment), 'datasets');
}

/** Data of one's own that came through a browser: there is no other copy on this machine. */
export function uploadsFolder(environment: Environment = process.env): string {
  return path.join(homeFolder(environment), 'uploads');
}

/** What came of data sets that are not here yet. */
export function downloadsFolder(environment: Environment = process.env): string {
  return path.join(cacheFolder(environment), 'downloads');
}

/** Notes of data sets whose files were found right. */
export function checkedFolder(environment: Environment = process.env): string {
  return path.join(cacheFolder(environment), 'checked');
}

/** What was made of data of one's own. */
export function importsFolder(environment: Environment = process.env): string {
  return path.join(cacheFolder(environment), 'imports');
}

/** What was found by reading data sets. */
export function inspectionsFolder(environment: Environment = process.env): string {
  return path.join(cacheFolder(environment), 'inspections');
}

/** What stands for the contents of data sets that were read to the end. */
export function contentsFolder(environment: Environment = process.env): string {
  return path.join(cacheFolder(environment), 'contents');
}

export function addonFile(environment: Environment = process.env): string {
  return environment['TORCHWRIGHT_ADDON'] || path.join(repositoryFolder, 'build', 'native', 'torchwright.node');
}

/** Another one whenever the engine is built anew; empty where there is none. */
export async function engineStamp(): Promise<string> {
  return stat(addonFile()).then(
    ({ size, mtimeMs }) => `${size} bytes of ${mtimeMs}`,
    () => '',
  );
}
