import { rm } from 'node:fs/promises';
import path from 'node:path';
import { FailureError } from '../../core/failure.ts';
import type { Project } from '../../core/project/project.ts';
import { changesOf, onChangedData, otherForm } from '../../core/training/run-data.ts';
import type { ResumedData } from '../../core/training/run-data.ts';
import { notZero } from '../../core/training/plan-targets.ts';
import type { TargetStatistics } from '../../core/training/plan-targets.ts';
import type { SplitFiles } from '../../core/training/plan.ts';
import { locateDataset, locateOlder } from '../datasets/datasets.ts';
import type { LocatedDataset } from '../datasets/datasets.ts';
import { ArrayWriter } from '../datasets/import/array-writer.ts';
import { npyRows, openNpy } from '../datasets/import/npy-file.ts';
import { fail } from '../failures.ts';
import { makeFolder } from '../files.ts';
import { keptData, keptFiles } from '../runs/kept-data.ts';
import type { DataFiles } from '../runs/kept-data.ts';
import { readRunData, writeRunData } from '../runs/run-data.ts';
import type { RememberedData } from '../runs/run-data.ts';
import { predictionsFolder, predictedClassesFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { resumedDataFlags } from './run-length.ts';
import { rememberData, rememberedData, rememberFiles } from './data-of-run.ts';
import { describeData } from './describe-data.ts';

export interface DataToResume extends RememberedData {
  /** Where these are other data than the run was trained on (see `rememberChanged`): as they were read now. */
  readonly changed: ReadNow | null;
  /** Where the data were, if nothing is there any more; else null. */
  readonly missingSource: string | null;
}

interface ReadNow {
  readonly files: DataFiles;
  readonly targetStatistics: TargetStatistics | null;
}

/**
 * The data that a run is resumed on: those it was trained on, or, where the user wants it, what has become of them.
 * Where the source is gone altogether, the samples kept with the run are the same ones.
 */
export async function dataToResume(run: RunRow, project: Project, wanted?: ResumedData): Promise<DataToResume> {
  const located = await locatedOrGone(project);
  const remembered = await rememberedOrNew(run, project, located, wanted);
  if (located === null || wanted === 'stored') {
    const files = await keptData(run.id, remembered.files);
    const missingSource = located === null ? project.data.source : null;
    if (files !== null) return { data: remembered.data, files, changed: null, missingSource };
  }
  if (located === null) {
    await locateDataset(project.data);
  } else {
    const unchanged = (found: LocatedDataset): DataToResume => {
      const files = unchangedFiles(run.id, found, remembered.files);
      return { data: remembered.data, files, changed: null, missingSource: null };
    };
    const now = await describeData(project.data, located);
    const changes = changesOf(remembered.data, now);
    if (changes.length === 0) return unchanged(located);
    const older = await locateOlder(project.data);
    if (older !== null && changesOf(remembered.data, await describeData(project.data, older)).length === 0) {
      return unchanged(older);
    }
    if (wanted === 'changed') return takeChanged(run.id, remembered, now, located);
    const isKept = (await keptData(run.id, remembered.files)) !== null;
    refuse(run, project, changes, [
      ...(isKept ? (['stored'] as const) : []),
      ...(otherForm(remembered.data, now) === null ? (['changed'] as const) : []),
    ]);
  }
  throw new Error('a data set that was not there a moment ago');
}

/** Null: there is nothing at the place. */
async function locatedOrGone(project: Project): Promise<LocatedDataset | null> {
  try {
    return await locateDataset(project.data);
  } catch (error) {
    if (error instanceof FailureError && error.failure.code === 'notFound') return null;
    throw error;
  }
}

/** An older run whose data have changed has nothing to compare them with: whoever takes them anyway begins with them. */
async function rememberedOrNew(
  run: RunRow,
  project: Project,
  located: LocatedDataset | null,
  wanted: ResumedData | undefined,
): Promise<RememberedData> {
  if (located === null || wanted !== 'changed') return rememberedData(run, project);
  return (await readRunData(run.id)) ?? rememberData(run.id, project, located);
}

function takeChanged(
  run: string,
  { data: before }: RememberedData,
  now: RememberedData['data'],
  located: LocatedDataset,
): DataToResume {
  const failure = otherForm(before, now);
  if (failure !== null) throw new FailureError(failure);
  const files = filesOf(located);
  const isScaled = before.targetStatistics !== undefined;
  return {
    data: onChangedData(before, now),
    files: isScaled ? withOwnTargets(files, keptFiles(run, files)) : files,
    changed: { files, targetStatistics: now.targetStatistics ?? null },
    missingSource: null,
  };
}

function filesOf({ train, test }: LocatedDataset): DataFiles {
  return { train, test };
}

/**
 * The import standardises targets by its own samples. A run that was resumed on changed data keeps the scale that it
 * began with, and has targets of its own beside the samples that it keeps.
 */
function withOwnTargets(files: DataFiles, own: DataFiles): DataFiles {
  const withOwn = (split: SplitFiles, ownSplit: SplitFiles): SplitFiles => {
    const standardTargets = standardTargetsOf(ownSplit);
    return split.format === 'arrays' && standardTargets !== undefined ? { ...split, standardTargets } : split;
  };
  return { train: withOwn(files.train, own.train), test: withOwn(files.test, own.test) };
}

function standardTargetsOf(split: SplitFiles): string | undefined {
  return split.format === 'arrays' ? split.standardTargets : undefined;
}

/** The files that hold the samples now, with the targets as the run scales them. */
function unchangedFiles(run: string, located: LocatedDataset, remembered: DataFiles): DataFiles {
  const files = filesOf(located);
  const own = keptFiles(run, files);
  const hasOwn = standardTargetsOf(remembered.train) === standardTargetsOf(own.train);
  return hasOwn ? withOwnTargets(files, own) : files;
}

/**
 * Has a run remember the changed data from now on. Only whoever has claimed the run may do so: it replaces the samples
 * that the run kept. What the network predicted for the samples before says nothing about those of now.
 */
export async function rememberChanged(
  run: string,
  { data, files, changed }: Omit<DataToResume, 'missingSource'>,
): Promise<void> {
  for (const folder of [predictionsFolder(run), predictedClassesFolder(run)])
    await rm(folder, { recursive: true, force: true });
  const read = changed!;
  await rememberFiles(run, data.source, read.files);
  const [from, to] = [read.targetStatistics, data.targetStatistics];
  for (const split of ['train', 'test'] as const) {
    const [was, own] = [read.files[split], files[split]];
    if (from === null || to === undefined || was.format !== 'arrays' || own.format !== 'arrays') continue;
    await rescaleTargets({ file: was.standardTargets!, from }, { file: own.standardTargets!, to });
  }
  await writeRunData(run, { data, files });
}

/** Standardised targets by other statistics. The file may be a link to one that stays as it is. */
async function rescaleTargets(
  { file, from }: { readonly file: string; readonly from: TargetStatistics },
  { file: own, to }: { readonly file: string; readonly to: TargetStatistics },
): Promise<void> {
  await rm(own, { force: true });
  await makeFolder(path.dirname(own));
  const array = await openNpy(file);
  const writer = await ArrayWriter.open(own, '<f4', array.header.shape.slice(1));
  for await (const row of npyRows(array)) {
    const scaled = Float32Array.from(
      row,
      (value, target) =>
        (value * notZero(from.std[target]!) + from.mean[target]! - to.mean[target]!) / notZero(to.std[target]!),
    );
    await writer.append(new Uint8Array(scaled.buffer));
  }
  await writer.finish();
}

/** What can be done, by each choice there is. */
const ways: Readonly<Record<ResumedData, string>> = {
  stored: 'resume on the samples stored with the run',
  changed: 'resume on the changed data',
};

/** The commands in the advice do what was asked for. */
function refuse(
  run: RunRow,
  { data, recipe: { epochs } }: Project,
  changes: readonly string[],
  choices: readonly ResumedData[],
): never {
  const command = `torchwright resume ${run.id}${epochs === run.epochs ? '' : ` --epochs ${epochs}`}`;
  const advice = [
    'Restore the original data',
    ...choices.map((choice) => `${ways[choice]}: ${command} ${resumedDataFlags[choice]}`),
  ];
  return fail(
    'dataChanged',
    `The data in ${data.source} are not the data that run ${run.id} was trained on. ${changes.join(' ')}`,
    { at: data.source, advice: choices.length === 0 ? `${advice[0]}.` : advice.join(', or '), choices },
  );
}
