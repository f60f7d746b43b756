// What only the system's own package manager can bring: a compiler, cmake and two libraries' headers.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { withSharedLock } from './lock.mjs';
import { hasPip } from './pip.mjs';
import { SetupError, step } from './report.mjs';
import { lastLines, runTool } from './tool.mjs';

/** What is needed, and what the package that holds it is called by each package manager. */
const needs = {
  compiler: {
    name: 'a C++20 compiler (g++ 10, clang 12 or newer)',
    apt: 'g++',
    dnf: 'gcc-c++',
    pacman: 'gcc',
    brew: 'llvm',
  },
  cmake: { name: 'cmake 3.20 or newer', apt: 'cmake', dnf: 'cmake', pacman: 'cmake', brew: 'cmake' },
  make: { name: 'ninja or make', apt: 'ninja-build', dnf: 'ninja-build', pacman: 'ninja', brew: 'ninja' },
  json: {
    name: 'the JSON library nlohmann/json',
    apt: 'nlohmann-json3-dev',
    dnf: 'json-devel',
    pacman: 'nlohmann-json',
    brew: 'nlohmann-json',
  },
  zlib: { name: "zlib's headers", apt: 'zlib1g-dev', dnf: 'zlib-devel', pacman: 'zlib', brew: 'zlib' },
};

const installCommands = {
  apt: 'apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  pacman: 'pacman -S --needed --noconfirm',
  brew: 'brew install',
};

/** What the build needs and what of it is here: { need, found }, `found` null if missing. */
export async function inspectTools() {
  const cmake = await versionOf('cmake', /cmake version (\d+)\.(\d+)[.\d]*/);
  const compiler = await findCompiler();
  const ninja = await versionOf('ninja', /^(\d+)\.(\d+)/);
  const make = ninja ? null : await versionOf('make', /Make (\d+)\.(\d+)/);
  const headers = compiler ? await findHeaders(compiler.program) : {};
  return [
    { need: 'compiler', found: compiler?.version ?? null },
    { need: 'cmake', found: cmake && (cmake.major > 3 || cmake.minor >= 20) ? cmake.text : null },
    { need: 'make', found: ninja ? `ninja ${ninja.text}` : (make?.text ?? null) },
    { need: 'json', found: headers.json ?? null },
    { need: 'zlib', found: headers.zlib ?? null },
  ].map((entry) => ({ ...entry, name: needs[entry.need].name }));
}

export async function ensureTools() {
  const missing = await missingTools();
  if (missing.length === 0) return;
  if (!(await canInstall())) throw await missingError(missing);
  await withSharedLock('system', async () => {
    const stillMissing = await missingTools();
    if (stillMissing.length > 0) await installWithApt(stillMissing.map((need) => needs[need].apt));
  });
  const left = await missingTools();
  if (left.length > 0) throw await missingError(left);
}

/** The one command that brings what is missing. */
export async function installCommand(missing) {
  const manager = await packageManager();
  if (manager === null) return null;
  const packages = missing.map((need) => needs[need][manager]).join(' ');
  const prefix = manager === 'brew' || process.getuid?.() === 0 ? '' : 'sudo ';
  return `${prefix}${installCommands[manager]} ${packages}`;
}

/** What Electron needs of Debian, beside what its own package manager entry would bring. */
const electronPackages = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libcups2',
  'libdrm2',
  'libatk-bridge2.0-0',
  'libatspi2.0-0',
  'libxcomposite1',
  'libxdamage1',
  'libxrandr2',
  'libxkbcommon0',
  'libdbus-1-3',
  'libudev1',
];

/** Brings the libraries that the program lacks. Null if all are there; else a sentence that says what is missing. */
export async function ensureElectronLibraries(program) {
  if (process.platform !== 'linux' || (await missingLibraries(program)).length === 0) return null;
  if (await canInstall()) await withSharedLock('system', () => installWithApt(electronPackages));
  const missing = await missingLibraries(program);
  if (missing.length === 0) return null;
  return `Electron lacks ${missing.join(', ')}. On Debian this brings them: sudo ${installCommands.apt} ${electronPackages.join(' ')}`;
}

async function missingLibraries(program) {
  const { output } = await runTool('ldd', [program]);
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

/** A display in memory and a browser, for the tests of the window. Null if they are there; else what is missing. */
export async function ensureTestTools() {
  const tools = { xvfb: '/usr/bin/Xvfb', chromium: '/usr/bin/chromium' };
  const missing = () => Object.keys(tools).filter((name) => !existsSync(tools[name]));
  if (missing().length > 0 && (await canInstall())) await withSharedLock('system', () => installWithApt(missing()));
  return missing().length === 0 ? null : `the tests of the window need ${missing().join(' and ')}`;
}

/** pip, where libtorch is to come from it and it can be installed without asking. */
export async function ensurePip() {
  if ((await hasPip()) || !(await canInstall())) return;
  await withSharedLock('system', () => installWithApt(['python3-pip'])).catch((error) => {
    // Not the only source: the caller goes on without.
    if (!(error instanceof SetupError)) throw error;
  });
}

async function missingTools() {
  return (await inspectTools()).filter(({ found }) => found === null).map(({ need }) => need);
}

async function missingError(missing) {
  const names = missing.map((need) => needs[need].name).join(', ');
  const command = await installCommand(missing);
  return new SetupError(
    `The engine is compiled on this machine, which lacks ${names}. ` +
      (command ? `This brings it:\n  ${command}\nThen start again.` : 'Install it, then start again.'),
  );
}

async function versionOf(program, pattern) {
  const { code, output } = await runTool(program, ['--version']);
  const match = code === 0 ? pattern.exec(output) : null;
  return match && { text: output.split('\n', 1)[0].trim(), major: Number(match[1]), minor: Number(match[2]) };
}

async function findCompiler() {
  for (const program of ['g++', 'clang++']) {
    const { code } = await runTool(program, [
      '-std=c++20',
      '-fsyntax-only',
      '-include',
      'concepts',
      '-x',
      'c++',
      '/dev/null',
    ]);
    if (code === 0) return { program, version: (await versionOf(program, /(\d+)\.(\d+)/)).text };
  }
  return null;
}

async function findHeaders(compiler) {
  const find = async (header) =>
    (await runTool(compiler, ['-fsyntax-only', '-include', header, '-x', 'c++', '/dev/null'])).code === 0
      ? header
      : null;
  return { json: await find('nlohmann/json_fwd.hpp'), zlib: await find('zlib.h') };
}

async function packageManager() {
  if (process.platform === 'darwin') return 'brew';
  if (existsSync('/usr/bin/apt-get')) return 'apt';
  if (existsSync('/usr/bin/dnf')) return 'dnf';
  return existsSync('/usr/bin/pacman') ? 'pacman' : null;
}

async function canInstall() {
  if (process.getuid?.() !== 0) return false;
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && existsSync('/usr/bin/apt-get');
}

async function installWithApt(packages) {
  await step(`installing ${packages.join(', ')} with apt-get`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const wait = ['-o', 'DPkg::Lock::Timeout=300'];
    // Without fresh lists the install may ask for versions that are gone; if they cannot be had, try with the old.
    await runTool('apt-get', ['update', ...wait], { env });
    const { code, output } = await runTool(
      'apt-get',
      ['install', '-y', '--no-install-recommends', ...wait, ...packages],
      { env },
    );
    if (code !== 0) {
      throw new SetupError(`apt-get could not install ${packages.join(', ')}:\n${lastLines(output)}`);
    }
  });
}
