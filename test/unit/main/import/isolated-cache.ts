import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ImportedDataset } from '../../../../core/contract/data.ts';
import type { Failure } from '../../../../core/failure.ts';
import { FailureError } from '../../../../core/failure.ts';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { importDataset } from '../../../../main/datasets/import/import-dataset.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { inputsFile } from '../../../../main/datasets/import/split-writer.ts';

/** A folder of its own for each test, and imports that lie in it. */
export function inIsolatedCache(): { readonly folder: () => string } {
  let folder = '';
  const before = process.env['TORCHWRIGHT_CACHE'];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
    process.env['TORCHWRIGHT_CACHE'] = path.join(folder, 'cache');
  });
  afterEach(async () => {
    if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
    else process.env['TORCHWRIGHT_CACHE'] = before;
    await rm(folder, { recursive: true, force: true });
  });
  return { folder: () => folder };
}

export function caseFolder(name: string): string {
  return path.join(import.meta.dirname, '../../../cases', name);
}

export async function read(source: string, settings: ImportSettings = {}): Promise<ImportedDataset> {
  return (await importDataset(source, settings)).dataset;
}

export async function refusalOf(source: string, settings: ImportSettings = {}): Promise<Failure> {
  const thrown: unknown = await importDataset(source, settings).catch((error: unknown) => error);
  if (!(thrown instanceof FailureError)) throw new Error(`no failure: ${String(thrown)}`);
  return thrown.failure;
}

/** Every sample as it lies in the cache. */
export async function samplesOf(
  source: string,
  settings: ImportSettings,
  split: 'train' | 'test',
): Promise<number[][]> {
  const { folder } = await importDataset(source, settings);
  const rows: number[][] = [];
  for await (const row of npyRows(await openNpy(inputsFile(folder, split)))) rows.push([...row]);
  return rows;
}
