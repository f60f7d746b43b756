import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImportedDataset } from '../../../../core/contract/data.ts';
import type { ImportSettings } from '../../../../core/project/project.ts';
import { importDataset } from '../../../../main/datasets/import/import-dataset.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { inputsFile } from '../../../../main/datasets/import/split-writer.ts';
import { caseFolder } from './isolated-cache.ts';

export async function importedCase(name: string, file = 't.csv'): Promise<ImportedDataset> {
  return (await importDataset(path.join(caseFolder(name), file), {})).dataset;
}

/** Imports what is written into a file of the folder. */
export async function importWritten(file: string, content: string | Uint8Array, settings: ImportSettings = {}) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return importDataset(file, settings);
}

export async function rowsIn(file: string): Promise<number[][]> {
  const rows: number[][] = [];
  for await (const row of npyRows(await openNpy(file))) rows.push([...row]);
  return rows;
}

/** Of all samples and columns, as they stand in the file. */
export async function numbersOf({ origins }: ImportedDataset, data: string): Promise<number[]> {
  const rows = [...(await rowsIn(inputsFile(data, 'train'))), ...(await rowsIn(inputsFile(data, 'test')))];
  const value = (stored: number, column: number): number => Number((stored + (origins?.[column] ?? 0)).toPrecision(7));
  return rows.flatMap((row) => row.map(value));
}

export const bySize = (one: number, other: number): number => one - other;

export function usesOf({ columns }: ImportedDataset): readonly string[] {
  return (columns ?? []).map(({ name, use }) => `${name}: ${use}`);
}

export const samplesOf = ({ trainSamples, testSamples }: ImportedDataset): number => trainSamples + testSamples;
