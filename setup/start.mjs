// `npm start`: opens Electron where there is one, and otherwise says what can be done without.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeModulesFolder, projectNode, repositoryFolder } from './paths.mjs';
import { lastLines, runTool, becomeTool } from './tool.mjs';
import { SetupError, step } from './report.mjs';

export async function startWindow() {
  const electron = findElectron();
  if (electron === null) {
    process.stdout.write(
      "Everything is in place. The workbench's window comes with the next version; networks train from the command line already:\n" +
        '  npm run -s torchwright -- recipes\n' +
        '  npm run -s torchwright -- summary mnist-linear\n' +
        '  npm run -s torchwright -- train mnist-linear\n',
    );
    return 0;
  }
  await step('building the window', async () => {
    const program = path.join(nodeModulesFolder, 'electron-vite', 'bin', 'electron-vite.js');
    const { code, output } = await runTool(projectNode, [program, 'build'], { cwd: repositoryFolder });
    if (code !== 0) throw new SetupError(`The window cannot be built:\n${lastLines(output)}`);
  });
  return becomeTool(electron, [repositoryFolder]);
}

/** Its npm package would download Electron when asked for the path, so look for what it leaves behind. */
function findElectron() {
  const folder = path.join(nodeModulesFolder, 'electron');
  const pathFile = path.join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const program = path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'), name);
  return existsSync(program) ? program : null;
}
