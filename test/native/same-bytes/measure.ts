// `node test/native/same-bytes/measure.ts [NAME …]`: checksums of everything that must stay the same to the last byte,
// as one JSON on stdout. Started by same-bytes.ts, which pins the processor's instructions.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAddon } from '../../../main/engine/load-addon.ts';
import { listRecipes } from '../../../main/projects/open-project.ts';
import { catalogueChecksums } from './catalogue.ts';
import { recipeChecksums } from './recipes.ts';
import type { Checksums, SameBytes } from './same-bytes.ts';

const addon = loadAddon();
const wanted = process.argv.slice(2);
const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-bytes-'));
try {
  const recipes: Record<string, Checksums> = {};
  for (const name of await listRecipes()) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const before = process.cpuUsage();
    recipes[name] = await recipeChecksums(name, addon, await mkdtemp(path.join(folder, `${name}-`)));
    const { user, system } = process.cpuUsage(before);
    if (wanted.length > 0) console.error(`${name}: ${((user + system) / 1e6).toFixed(1)} s of the processor`);
  }
  const catalogue = wanted.length > 0 && !wanted.includes('catalogue') ? {} : await catalogueChecksums(addon, folder);
  const measured: SameBytes = { libtorch: addon.versions().libtorch, recipes, catalogue };
  process.stdout.write(JSON.stringify(measured));
} finally {
  await rm(folder, { recursive: true, force: true });
}
