// The window's pages and the Electron shell, bundled into out/ when a source has changed since the last time.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withCloneLock } from './lock.mjs';
import { buildFolder, nodeModulesFolder, projectNode, repositoryFolder } from './paths.mjs';
import { SetupError, step } from './report.mjs';
import { lastLines, runTool } from './tool.mjs';

const stampFile = path.join(buildFolder, 'window-stamp');
const sources = ['core', 'main', 'preload', 'renderer', 'electron.vite.config.ts', 'package-lock.json'];

export async function ensureWindow() {
  if (await isBuilt()) return;
  await withCloneLock('window', async () => {
    if (await isBuilt()) return;
    const inputs = await inputsOf();
    await step('building the window', async () => {
      const program = path.join(nodeModulesFolder, 'electron-vite', 'bin', 'electron-vite.js');
      const { code, output } = await runTool(projectNode, [program, 'build'], { cwd: repositoryFolder });
      if (code !== 0) throw new SetupError(`The window cannot be built:\n${lastLines(output)}`);
    });
    await mkdir(buildFolder, { recursive: true });
    await writeFile(stampFile, inputs);
  });
}

async function isBuilt() {
  const stamp = await readFile(stampFile, 'utf8').catch(() => null);
  return stamp !== null && stamp === (await inputsOf());
}

/** Names, sizes and times of the sources, and of what was made of them. */
async function inputsOf() {
  const hash = createHash('sha256');
  for (const source of sources) {
    const place = path.join(repositoryFolder, source);
    const isFolder = (await stat(place)).isDirectory();
    const files = isFolder
      ? (await readdir(place, { recursive: true, withFileTypes: true }))
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
      : [place];
    for (const file of files.sort()) {
      const { size, mtimeMs } = await stat(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}
