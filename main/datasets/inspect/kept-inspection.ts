import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pack, unpack } from '../../../core/contract/pack.ts';
import type { AlikeImages, InspectedSamples } from '../../../core/contract/inspection.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';
import { isErrorWithCode, withFile } from '../../failures.ts';
import { makeFolder, replaceFileUnsynced } from '../../files.ts';
import { inspectionsFolder } from '../../paths.ts';
import type { InspectedFiles } from './inspect-dataset.ts';

/** Of what is written: whoever finds another reads the data again. */
const format = 'torchwright-inspection-1';

/** What is kept of a data set. */
export interface KeptFindings {
  readonly inspection: InspectedSamples;
  readonly alike: AlikeImages;
}

/** What was found of these very files; null where they changed since, or were not looked at. */
export async function readFinding<Name extends keyof KeptFindings>(
  files: InspectedFiles,
  name: Name,
): Promise<KeptFindings[Name] | null> {
  const content = await readFile(await fileOf(files, name)).catch((error: unknown) => {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  });
  if (content === null) return null;
  try {
    const kept = unpack(new Uint8Array(content)) as { readonly format: unknown; readonly found: KeptFindings[Name] };
    return kept.format === format ? kept.found : null;
  } catch {
    // It is made again.
    return null;
  }
}

export async function keepFinding<Name extends keyof KeptFindings>(
  files: InspectedFiles,
  name: Name,
  found: KeptFindings[Name],
): Promise<void> {
  await makeFolder(inspectionsFolder());
  await replaceFileUnsynced(await fileOf(files, name), pack({ format, found }));
}

/** Named by what the files are: their places, sizes and times. */
async function fileOf(files: InspectedFiles, name: keyof KeptFindings): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(files));
  for (const file of [...filesOf(files.train), ...filesOf(files.test)]) {
    const { size, mtimeMs } = await withFile(file, () => stat(file));
    hash.update(`${file} ${size} ${mtimeMs}`);
  }
  return path.join(inspectionsFolder(), `${hash.digest('hex').slice(0, 32)}-${name}.bin`);
}

function filesOf(split: SplitFiles): readonly string[] {
  switch (split.format) {
    case 'idx':
      return [split.images, split.labels];
    case 'cifar10':
      return split.files;
    case 'arrays':
      return [split.inputs, split.targets];
  }
}
