import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../engine/addon.ts';
import { generatedGrid, gridAnimation } from '../evaluation/generated-grid.ts';
import { makeFolder, replaceFile } from '../files.ts';

const gridName = /^epoch-(\d+)\.png$/;

/** What the generator makes after an epoch, as `epoch-0007.png` of the folder. */
export async function saveGeneratedGrid(
  session: EngineSession,
  plan: Plan,
  folder: string,
  epoch: number,
): Promise<void> {
  await makeFolder(folder);
  await replaceFile(
    path.join(folder, `epoch-${String(epoch).padStart(4, '0')}.png`),
    await generatedGrid(session, plan),
  );
}

/** All grids of the folder in the order of their epochs as `epochs.gif`. */
export async function saveGridAnimation(folder: string): Promise<void> {
  const names = await gridNames(folder);
  const grids = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
  await replaceFile(path.join(folder, 'epochs.gif'), gridAnimation(grids));
}

async function gridNames(folder: string): Promise<readonly string[]> {
  const epochOf = (name: string) => Number(gridName.exec(name)![1]);
  const names = (await readdir(folder)).filter((name) => gridName.test(name));
  return names.toSorted((one, other) => epochOf(one) - epochOf(other));
}
