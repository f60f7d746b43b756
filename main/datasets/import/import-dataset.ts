import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';
import { fail } from '../../failures.ts';
import { importsFolder } from '../../paths.ts';
import { isThere } from '../check-files.ts';
import { tenASecond } from '../progress.ts';
import type { Follower } from '../progress.ts';
import { installFolder } from '../install-folder.ts';
import { fingerprint } from './fingerprint.ts';
import { parseImported } from './imported-schema.ts';
import { openSource } from './open-source.ts';
import { Skipped } from './skipped.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import { openSpirals } from './spirals.ts';
import { inputsFile, SplitWriter, targetsFile } from './split-writer.ts';

/** An import and where it lies. */
export interface LocatedImport {
  readonly folder: string;
  readonly dataset: ImportedDataset;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
}

const factsFile = 'dataset.json';

/**
 * Data of one's own, as arrays that the engine reads. They are made once and lie in the cache; they are made anew when
 * the source has changed. `source`: an absolute path, or `spirals`.
 */
export async function importDataset(
  source: string,
  settings: ImportSettings,
  follower: Follower = { onProgress: () => undefined },
): Promise<LocatedImport> {
  const isGenerated = source === 'spirals';
  const place = placeOf(source, settings);
  const folder = path.join(place, isGenerated ? 'generated' : await fingerprint(source));
  if (!(await isThere(path.join(folder, factsFile)))) {
    await installFolder(folder, async (temporary) => {
      const scratch = path.join(temporary, 'scratch');
      const skipped = new Skipped();
      const { signal } = follower;
      const onProgress = tenASecond(follower.onProgress);
      const request = { place: source, settings, skipped, onProgress, signal, scratch };
      const opened = isGenerated ? openSpirals(request) : await openSource(request);
      await writeArrays(opened, temporary, request);
      await rm(scratch, { recursive: true, force: true });
    });
    await removeOlder(place, folder);
  }
  return locatedIn(folder);
}

/** What was read of a source with these settings, whether or not it is there unchanged; null: nothing. */
export async function findImport(source: string, settings: ImportSettings): Promise<LocatedImport | null> {
  const place = placeOf(source, settings);
  const names = await readdir(place).catch(() => []);
  const name = names.find((candidate) => !candidate.startsWith('.'));
  return name === undefined ? null : locatedIn(path.join(place, name));
}

async function locatedIn(folder: string): Promise<LocatedImport> {
  const dataset = parseImported(await readFile(path.join(folder, factsFile), 'utf8'), folder);
  const split = (name: 'train' | 'test'): SplitFiles => ({
    format: 'arrays',
    inputs: inputsFile(folder, name),
    targets: targetsFile(folder, name),
  });
  return { folder, dataset, train: split('train'), test: split('test') };
}

/** Data of one's own that were read, the last one first. */
export async function listImports(): Promise<readonly ImportedDataset[]> {
  const places = await readdir(importsFolder()).catch(() => []);
  const found = await Promise.all(
    places.map(async (place) => {
      const folders = await readdir(path.join(importsFolder(), place)).catch(() => []);
      return Promise.all(folders.filter((name) => !name.startsWith('.')).map((name) => readFacts(place, name)));
    }),
  );
  return found
    .flat()
    .filter((dataset) => dataset !== null)
    .sort((one, other) => other.imported - one.imported);
}

async function readFacts(place: string, name: string): Promise<ImportedDataset | null> {
  const folder = path.join(importsFolder(), place, name);
  const text = await readFile(path.join(folder, factsFile), 'utf8').catch(() => null);
  return text === null ? null : parseImported(text, folder);
}

/** Removes what was read of a source, with whatever settings. */
export async function forgetImports(source: string): Promise<void> {
  for (const { settings } of (await listImports()).filter((dataset) => dataset.source === source)) {
    await rm(placeOf(source, settings), { recursive: true, force: true });
  }
}

/** One source with one way to read it. */
function placeOf(source: string, settings: ImportSettings): string {
  const hash = createHash('sha256').update(JSON.stringify([source, inOrder(settings)]));
  const name = path.basename(source).replace(/[^\w-]+/g, '-');
  return path.join(importsFolder(), `${name}-${hash.digest('hex').slice(0, 16)}`);
}

/** The same settings are the same text, in whatever order they were written. */
function inOrder({ task, target, size, channels, split }: ImportSettings): readonly unknown[] {
  return [task, target, size, channels, split?.testFraction, split?.seed];
}

async function removeOlder(place: string, folder: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (name.startsWith('.') || name === path.basename(folder)) continue;
    await rm(path.join(place, name), { recursive: true, force: true });
  }
}

async function writeArrays(
  opened: OpenedSource,
  folder: string,
  { place: source, settings, skipped, signal }: OpenRequest,
): Promise<void> {
  const { kind, form, classNames, columnNames, targetNames, notes } = opened;
  const writer = await SplitWriter.open(folder, form);
  try {
    for await (const sample of opened.samples()) {
      signal?.throwIfAborted();
      await writer.add(sample);
    }
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writer.finish();
  refuseEmpty(writer, source);
  const dataset: ImportedDataset = {
    source,
    settings,
    kind,
    inputShape: form.inputShape,
    values: form.values,
    task: form.targets === null ? 'classification' : 'regression',
    classNames,
    targets: form.targets ?? 0,
    columnNames,
    targetNames,
    trainSamples: writer.samples('train'),
    testSamples: writer.samples('test'),
    classCounts: {
      train: writer.classCounts('train', classNames.length),
      test: writer.classCounts('test', classNames.length),
    },
    statistics: writer.statistics(),
    skipped: skipped.list(),
    notes,
    bytes: await bytesOf(folder),
    imported: Date.now(),
  };
  await writeFile(path.join(folder, factsFile), `${JSON.stringify(dataset, null, 2)}\n`);
}

function refuseEmpty(writer: SplitWriter, source: string): void {
  for (const [split, words] of [['train', 'training'] as const, ['test', 'testing'] as const]) {
    if (writer.samples(split) === 0) fail('badData', `${source} leaves no sample for ${words}.`, { at: source });
  }
}

async function bytesOf(folder: string): Promise<number> {
  const files = (['train', 'test'] as const).flatMap((split) => [
    inputsFile(folder, split),
    targetsFile(folder, split),
  ]);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
