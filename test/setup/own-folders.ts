/**
 * Every test file begins here (vitest.config.ts): it gets a home and a cache of its own, so that no test sees or changes
 * what the user has. Of the user's cache only what `npm test` itself has put there is linked into it.
 */
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { cacheFolder, datasetsFolder } from '../../main/paths.ts';
import { releaseTrainings } from '../step-gate.ts';

const own = await mkdtemp(path.join(tmpdir(), 'torchwright-test-'));
const folders = { home: path.join(own, 'home'), cache: path.join(own, 'cache') };
await Promise.all([folders.home, path.join(folders.cache, 'datasets')].map((name) => mkdir(name, { recursive: true })));
await linkProvided(cacheFolder(), folders.cache, (name) => name === 'libtorch' || name.startsWith('electron-'));
await linkProvided(datasetsFolder(), path.join(folders.cache, 'datasets'), (name) => name === 'cifar10');

process.env['TORCHWRIGHT_HOME'] = folders.home;
process.env['TORCHWRIGHT_CACHE'] = folders.cache;
process.env['TORCHWRIGHT_STEP_GATE'] = path.join(own, 'step-gate');

// A training that a failed test holds would make those that follow wait for it.
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await releaseTrainings();
});
afterAll(() => rm(own, { recursive: true, force: true, maxRetries: 5 }));

async function linkProvided(from: string, to: string, isProvided: (name: string) => boolean): Promise<void> {
  const names = await readdir(from).catch((): string[] => []);
  for (const name of names.filter(isProvided)) await symlink(path.join(from, name), path.join(to, name), 'dir');
}
