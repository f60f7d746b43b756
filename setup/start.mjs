// `npm start`: the window in Electron where there is a display, and the browser form where there is none.

import path from 'node:path';
import { ensureElectron } from './electron.mjs';
import { projectNode, repositoryFolder } from './paths.mjs';
import { say } from './report.mjs';
import { becomeTool } from './tool.mjs';
import { ensureWindow } from './window.mjs';

export async function startWindow(args) {
  await ensureWindow();
  const electron = hasDisplay() ? await ensureElectron() : null;
  if (electron !== null) return becomeTool(electron, [repositoryFolder, ...sandboxArguments(), ...args]);
  say(
    hasDisplay() ? 'without Electron the workbench opens in a browser' : 'no display: the workbench opens in a browser',
  );
  const program = path.join(repositoryFolder, 'main', 'cli', 'main.ts');
  return becomeTool(projectNode, [program, 'serve', '--open', ...args]);
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Chromium refuses to run its sandbox as root, and where the kernel gives ordinary users no namespaces. */
function sandboxArguments() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return [];
  say('running as root, so without the sandbox of Chromium (--no-sandbox)');
  return ['--no-sandbox'];
}
