// Node modules, exactly as package-lock.json names them.

import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withCloneLock } from './lock.mjs';
import { nodeModulesFolder, projectNode, repositoryFolder } from './paths.mjs';
import { SetupError, step } from './report.mjs';
import { lastLines, runTool } from './tool.mjs';

const stampFile = path.join(nodeModulesFolder, '.torchwright-stamp');

export async function ensureNodeModules() {
  const lockFile = await readFile(path.join(repositoryFolder, 'package-lock.json'));
  const wanted = createHash('sha256').update(lockFile).digest('hex');
  if ((await readStamp()) === wanted) return;
  await withCloneLock('modules', async () => {
    if ((await readStamp()) === wanted) return;
    if (!(await isInstalled(JSON.parse(lockFile)))) await install();
    await writeFile(stampFile, wanted);
  });
}

async function readStamp() {
  return readFile(stampFile, 'utf8').catch(() => null);
}

/** Whether npm itself has already put there what package-lock.json names, as after `npm install`. */
async function isInstalled(lock) {
  try {
    const present = JSON.parse(await readFile(path.join(nodeModulesFolder, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(lock.packages).every(
      ([place, wanted]) => place === '' || wanted.optional || present[place]?.version === wanted.version,
    );
  } catch {
    return false;
  }
}

async function install() {
  await rm(stampFile, { force: true });
  await step('installing the node modules', async () => {
    // The npm that started us, if one did: the one on the path may be another.
    const npm = process.env.npm_execpath;
    const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
    const options = { cwd: repositoryFolder };
    const { code, output } = npm?.endsWith('.js')
      ? await runTool(process.execPath, [npm, ...args], options)
      : await runTool('npm', args, { ...options, shell: process.platform === 'win32' });
    if (code !== 0) {
      throw new SetupError(
        `npm could not install the node modules:\n${lastLines(output)}\nWhen that is mended, start again.`,
      );
    }
    const { code: nodeFails, output: version } = await runTool(projectNode, ['--version']);
    if (nodeFails) throw new SetupError(`The Node that npm installed does not run: ${lastLines(version)}`);
    return { said: `Node ${version.trim().slice(1)} among them` };
  });
}
