// The compiled addon: built when the C++ sources, libtorch or the Node-API headers have changed since the last time.

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import { ensureLibtorch, libraryName, wantedBuild } from './libtorch.mjs';
import { withCloneLock } from './lock.mjs';
import {
  addonFile,
  buildFolder,
  nativeBuildFolder,
  nativeSourceFolder,
  nodeModulesFolder,
  projectNode,
} from './paths.mjs';
import { SetupError, step } from './report.mjs';
import { ensureTools } from './system.mjs';
import { lastLines, runTool } from './tool.mjs';

const stampFile = path.join(nativeBuildFolder, 'stamp.json');
const workFolder = path.join(buildFolder, 'cmake');
const products = ['torchwright.node', process.platform === 'win32' ? 'torchwright-engine.exe' : 'torchwright-engine'];

/** `asked` is 'cpu' or 'cuda' if the user named a build of libtorch; it is remembered for the next time. */
export async function ensureEngine(asked) {
  if (await isBuilt(asked)) return;
  await withCloneLock('engine', async () => {
    const stamp = await readStamp();
    if (await isBuilt(asked)) return;
    const insists = asked ?? stamp?.asked ?? null;
    const build = insists ?? wantedBuild();
    await ensureTools();
    const libtorch = await ensureLibtorch(build, insists !== null);
    // Taken before the build: a source that changes meanwhile must lead to another one.
    const inputs = await inputsOf(libtorch.folder);
    await compile(libtorch);
    const given = process.env.TORCHWRIGHT_LIBTORCH ?? null;
    await writeFile(stampFile, JSON.stringify({ asked: insists, build, given, libtorch, inputs }, null, 2));
  });
}

/** What the addon was built with, or null. */
export async function readStamp() {
  return readFile(stampFile, 'utf8').then(JSON.parse, () => null);
}

async function isBuilt(asked) {
  const stamp = await readStamp();
  if (stamp === null || stamp.given !== (process.env.TORCHWRIGHT_LIBTORCH ?? null)) return false;
  if (stamp.build !== (asked ?? stamp.asked ?? wantedBuild())) return false;
  if (asked === 'cuda' && stamp.libtorch.build !== 'cuda') return false;
  return stamp.inputs === (await inputsOf(stamp.libtorch.folder));
}

/** Names, sizes and times of all that goes into the build and comes out of it. Reading the contents would cost more. */
async function inputsOf(libtorchFolder) {
  const sources = await readdir(nativeSourceFolder, { recursive: true, withFileTypes: true });
  const files = [
    ...sources.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)),
    path.join(libtorchFolder, 'lib', libraryName('torch_cpu')),
    ...['node-addon-api', 'node-api-headers', 'cmake-js'].map((name) =>
      path.join(nodeModulesFolder, name, 'package.json'),
    ),
  ];
  const described = await Promise.all(
    files.sort().map((file) =>
      stat(file).then(
        ({ size, mtimeMs }) => `${file} ${size} ${mtimeMs}`,
        () => `${file} missing`,
      ),
    ),
  );
  return createHash('sha256').update(described.join('\n')).digest('hex');
}

async function compile(libtorch) {
  await step(
    `compiling the engine with libtorch ${libtorch.version} (${libtorch.build}, ${libtorch.source})`,
    async (show) => {
      const configuring = () => cmake('configure', libtorch, show);
      // A build folder left by another libtorch, cmake or compiler may refuse: then from the beginning.
      let result = await configuring();
      if (result.code !== 0) {
        await rm(workFolder, { recursive: true, force: true });
        result = await configuring();
      }
      show('its headers first');
      if (result.code === 0) result = await cmake('build', libtorch, show);
      if (result.code !== 0) throw new SetupError(`The engine did not compile:\n${lastLines(result.output, 40)}`);
      await mkdir(nativeBuildFolder, { recursive: true });
      for (const name of products) {
        // By renaming, so that a process that is just starting finds the old one or the new one.
        const temporary = path.join(nativeBuildFolder, `${name}.part`);
        await copyFile(path.join(workFolder, name), temporary);
        await rename(temporary, path.join(nativeBuildFolder, name));
      }
      const { code, output } = await runTool(projectNode, ['-e', 'require(process.argv[1])', addonFile]);
      if (code !== 0) throw new SetupError(`The compiled engine does not load:\n${lastLines(output)}`);
    },
  );
}

function cmake(command, libtorch, show) {
  const program = path.join(nodeModulesFolder, 'cmake-js', 'bin', 'cmake-js');
  // A unit takes about 1.5 GB of compiler memory.
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / 1.5e9)));
  const args = [program, command, '-d', nativeSourceFolder, '-O', workFolder, '-p', String(jobs)];
  args.push(`--CDTORCHWRIGHT_LIBTORCH=${libtorch.folder}`);
  const onLine = (line) => {
    if (line.includes('Re-checking')) return;
    const [, done, all] = /^\[\s*(\d+)\/(\d+)\]/.exec(line) ?? [];
    const [, percent] = /^\[\s*(\d+%)\]/.exec(line) ?? [];
    if (done) show(`${done} of ${all}`);
    else if (percent) show(percent);
  };
  return runTool(projectNode, args, { onLine });
}
