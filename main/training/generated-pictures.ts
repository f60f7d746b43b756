import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunPictures } from '../../core/contract/runs.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { EngineSession } from '../engine/addon.ts';
import { generatedGrid, gridAnimation } from '../generation/generated-grid.ts';
import { isErrorWithCode } from '../failures.ts';
import { makeFolder, replaceFile } from '../files.ts';

const gridName = /^epoch-(\d+)\.png$/;
const animationName = 'epochs.gif';

/** What the generator makes after an epoch, as `epoch-0007.png` of the folder. */
export async function saveGeneratedGrid(
  session: EngineSession,
  plan: Plan,
  folder: string,
  epoch: number,
): Promise<void> {
  await makeFolder(folder);
  await replaceFile(gridFile(folder, epoch), await generatedGrid(session, plan));
}

/** All grids of the folder in the order of their epochs as `epochs.gif`. */
export async function saveGridAnimation(folder: string): Promise<void> {
  const epochs = epochsOf(await readdir(folder));
  const grids = await Promise.all(epochs.map((epoch) => readFile(gridFile(folder, epoch))));
  await replaceFile(path.join(folder, animationName), gridAnimation(grids));
}

/** Nothing before the first epoch is through. */
export async function findGeneratedPictures(folder: string): Promise<Omit<RunPictures, 'isConditional'>> {
  const names = await readdir(folder).catch(nullIfMissing);
  return { epochs: epochsOf(names ?? []), hasAnimation: names?.includes(animationName) ?? false };
}

/** The grid after an epoch, or all of them as a GIF; null where it is not there. */
export async function readGeneratedPicture(folder: string, picture: number | 'animation'): Promise<Uint8Array | null> {
  const file = picture === 'animation' ? path.join(folder, animationName) : gridFile(folder, picture);
  const content = await readFile(file).catch(nullIfMissing);
  // No Buffer: that becomes something else as JSON than other bytes.
  return content && new Uint8Array(content);
}

function gridFile(folder: string, epoch: number): string {
  return path.join(folder, `epoch-${String(epoch).padStart(4, '0')}.png`);
}

function epochsOf(names: readonly string[]): readonly number[] {
  const epochs = names.flatMap((name) => gridName.exec(name)?.[1] ?? []).map(Number);
  return epochs.toSorted((one, other) => one - other);
}

function nullIfMissing(error: unknown): null {
  if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return null;
  throw error;
}
