import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { changesOfReading } from '../../../core/training/run-data.ts';
import type { SplitFiles } from '../../../core/training/plan.ts';
import { fail } from '../../failures.ts';
import { importsFolder } from '../../paths.ts';
import { isThere } from '../check-files.ts';
import { tenASecond } from '../progress.ts';
import type { Follower } from '../progress.ts';
import { installFolder } from '../install-folder.ts';
import { FileLedger } from './file-ledger.ts';
import { fingerprint, scanOf } from './fingerprint.ts';
import { parseImported } from './imported-schema.ts';
import { openSource, whyUnused } from './open-source.ts';
import { sampleNotes } from './sample-notes.ts';
import { Skipped } from './skipped.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import { openSpirals } from './spirals.ts';
import { inputsFile, SplitWriter, standardTargetsFile, targetsFile } from './split-writer.ts';

/** An import and where it lies. */
export interface LocatedImport {
  readonly folder: string;
  readonly dataset: ImportedDataset;
  readonly train: SplitFiles;
  readonly test: SplitFiles;
  /** This call read it; otherwise it was there already. */
  readonly wasRead?: boolean;
}

/** Called with data that were read: for the first time, or because their files had changed. */
const readingListeners = new Set<(dataset: ImportedDataset) => void>();

/** Returns a function that removes the listener. */
export function onRead(listener: (dataset: ImportedDataset) => void): () => void {
  readingListeners.add(listener);
  return () => readingListeners.delete(listener);
}

const factsFile = 'dataset.json';

/** Goes up whenever the same source would be read otherwise: what an older reader made of it is then read anew. */
const readerVersion = 4;

/** The first so many of `inOrder`. */
const settingsOfFirstReader = 6;

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
  const scan = isGenerated ? null : await scanOf(source);
  const folder = path.join(place, isGenerated ? 'generated' : await fingerprint(source, scan));
  const isKnown = await isThere(path.join(folder, factsFile));
  if (!isKnown) {
    const before = isGenerated ? null : await findImport(source, settings).catch(() => null);
    await installFolder(folder, async (temporary) => {
      const scratch = path.join(temporary, 'scratch');
      const skipped = new Skipped();
      const { signal } = follower;
      const onProgress = tenASecond(follower.onProgress);
      const files = new FileLedger(scan?.files.map(({ name }) => name) ?? [path.basename(source)], skipped);
      for (const { name, reason } of scan?.unusable ?? []) skipped.addFile(reason, name);
      const request = { place: source, settings, scan, files, skipped, onProgress, signal, scratch };
      const opened = isGenerated ? openSpirals(request) : await openSource(request);
      await writeArrays(opened, temporary, request, before?.dataset ?? null);
      await rm(scratch, { recursive: true, force: true });
    });
    await removeOlder(place, folder);
  }
  const located = await locatedIn(folder);
  if (isKnown) return located;
  const { dataset } = located;
  for (const listener of readingListeners) listener(dataset);
  return { ...located, wasRead: true };
}

/** What was read of a source with these settings, whether or not it is there unchanged; null: nothing. */
export async function findImport(source: string, settings: ImportSettings): Promise<LocatedImport | null> {
  const place = placeOf(source, settings);
  const names = await readdir(place).catch(() => []);
  const name = names.find((candidate) => !candidate.startsWith('.'));
  return name === undefined ? null : locatedIn(path.join(place, name));
}

/** Whether what was read of a source with these settings is no longer what lies there; false where nothing was read. */
export async function isOutdated(source: string, settings: ImportSettings): Promise<boolean> {
  const read = await findImport(source, settings);
  return read !== null && path.basename(read.folder) !== (await fingerprint(source));
}

/**
 * What the reader of earlier versions made of a source that has not changed since; null: nothing. Runs of those versions
 * were trained on it.
 */
export async function findOlderImport(source: string, settings: ImportSettings): Promise<LocatedImport | null> {
  for (let reader = readerVersion - 1; reader >= 1; reader--) {
    const folder = path.join(placeOf(source, settings, reader), await fingerprint(source));
    if (await isThere(path.join(folder, factsFile))) return locatedIn(folder);
  }
  return null;
}

async function locatedIn(folder: string): Promise<LocatedImport> {
  const dataset = parseImported(await readFile(path.join(folder, factsFile), 'utf8'), folder);
  const split = (name: 'train' | 'test'): SplitFiles => ({
    format: 'arrays',
    inputs: inputsFile(folder, name),
    targets: targetsFile(folder, name),
    ...(dataset.targetStatistics === undefined ? {} : { standardTargets: standardTargetsFile(folder, name) }),
  });
  return { folder, dataset, train: split('train'), test: split('test') };
}

/** Data of one's own that were read, the last one first; of one that was read anew only what is read today. */
export async function listImports(): Promise<readonly ImportedDataset[]> {
  const all = (await allImports()).map(({ dataset, place }) => ({
    dataset,
    isCurrent: place === path.basename(placeOf(dataset.source, dataset.settings)),
    key: JSON.stringify([dataset.source, inOrder(dataset.settings)]),
  }));
  const readAnew = new Set(all.filter(({ isCurrent }) => isCurrent).map(({ key }) => key));
  return all
    .filter(({ isCurrent, key }) => isCurrent || !readAnew.has(key))
    .map(({ dataset }) => dataset)
    .sort((one, other) => other.imported - one.imported);
}

interface PlacedImport {
  readonly dataset: ImportedDataset;
  /** Its folder among the imports. */
  readonly place: string;
}

async function allImports(): Promise<readonly PlacedImport[]> {
  const places = await readdir(importsFolder()).catch(() => []);
  const found = await Promise.all(
    places.map(async (place) => {
      const folders = await readdir(path.join(importsFolder(), place)).catch(() => []);
      return Promise.all(folders.filter((name) => !name.startsWith('.')).map((name) => readFacts(place, name)));
    }),
  );
  return found.flat().filter((entry) => entry !== null);
}

async function readFacts(place: string, name: string): Promise<PlacedImport | null> {
  const folder = path.join(importsFolder(), place, name);
  const text = await readFile(path.join(folder, factsFile), 'utf8').catch(() => null);
  return text === null ? null : { dataset: parseImported(text, folder), place };
}

/** Removes what was read of a source, with whatever settings. */
export async function forgetImports(source: string): Promise<void> {
  for (const { place } of (await allImports()).filter(({ dataset: found }) => found.source === source)) {
    await rm(path.join(importsFolder(), place), { recursive: true, force: true });
  }
}

/** One source with one way to read it. */
function placeOf(source: string, settings: ImportSettings, reader = readerVersion): string {
  // The first reader's version is not part of the name.
  const version = reader === 1 ? [] : [reader];
  const known = inOrder(settings).slice(0, reader === 1 ? settingsOfFirstReader : undefined);
  const hash = createHash('sha256').update(JSON.stringify([source, known, ...version]));
  const name = path.basename(source).replace(/[^\w-]+/g, '-');
  return path.join(importsFolder(), `${name}-${hash.digest('hex').slice(0, 16)}`);
}

/** The same settings are the same text, in whatever order they were written. */
function inOrder({ task, target, size, fit, background, channels, split }: ImportSettings): readonly unknown[] {
  return [task, target, size, channels, split?.testFraction, split?.seed, fit, background];
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
  { place: source, settings, files, skipped, signal }: OpenRequest,
  before: ImportedDataset | null,
): Promise<void> {
  const {
    kind,
    form,
    classNames,
    columnNames,
    targetNames,
    columns,
    commaColumns = [],
    notes,
    warnings = [],
    pictures,
    isSplit,
  } = opened;
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
  refuseEmpty(writer, source, opened);
  // Closed before the list is made: it adds what nobody used.
  const used = kind === 'generated' ? [] : files.close((name) => whyUnused(kind, name));
  const targetStatistics = writer.targetStatistics();
  const { identical, contradictory } = writer.sharedSamples();
  const facts: Omit<ImportedDataset, 'notes'> = {
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
    ...(columns === undefined ? {} : { columns }),
    ...(commaColumns.length === 0 ? {} : { commaColumns }),
    ...(form.origins === undefined ? {} : { origins: form.origins }),
    ...(targetStatistics === null ? {} : { targetStatistics }),
    trainSamples: writer.samples('train'),
    testSamples: writer.samples('test'),
    testInTrain: identical.count,
    ...(identical.examples.length === 0 ? {} : { testInTrainExamples: identical.examples }),
    classCounts: {
      train: writer.classCounts('train', classNames.length),
      test: writer.classCounts('test', classNames.length),
    },
    statistics: writer.statistics(),
    skipped: skipped.list(),
    ...(kind === 'generated' ? {} : { files: used }),
    ...(pictures === undefined ? {} : { pictures }),
    ...(warnings.length === 0 ? {} : { warnings }),
    bytes: await bytesOf(folder),
    imported: Date.now(),
  };
  const read = {
    ...facts,
    notes: [...notes, ...(kind === 'generated' ? [] : sampleNotes(facts, isSplit, contradictory))],
  };
  const changes = before === null ? [] : changesOfReading(before, read);
  const dataset: ImportedDataset = changes.length === 0 ? read : { ...read, changes };
  await writeFile(path.join(folder, factsFile), `${JSON.stringify(dataset, null, 2)}\n`);
}

function refuseEmpty(writer: SplitWriter, source: string, { kind, form, classNames, targetNames }: OpenedSource): void {
  const samples = writer.samples('train');
  const areAllSingle = form.targets === null && samples > 0 && samples === classNames.length;
  if (areAllSingle && writer.samples('test') === 0) {
    const isTable = kind === 'table';
    const named = isTable ? ` in the target column ${targetNames.join(', ')}` : '';
    fail('badData', `Every sample of ${source} has a class of its own${named}, so none is left for testing.`, {
      at: isTable ? 'data.import.target' : source,
      advice: isTable
        ? `Is ${targetNames.join(', ')} the target? Set data.import.target to the column to predict.`
        : 'A class needs at least two samples, one for training and one for testing.',
    });
  }
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
