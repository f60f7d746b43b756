import { rm } from 'node:fs/promises';
import { FailureError } from '../../core/failure.ts';
import type { Project } from '../../core/project/project.ts';
import { changesOf, onChangedData, otherForm } from '../../core/training/run-data.ts';
import type { ResumedData } from '../../core/training/run-data.ts';
import { locateDataset, locateOlder } from '../datasets/datasets.ts';
import type { LocatedDataset } from '../datasets/datasets.ts';
import { fail } from '../failures.ts';
import { keptData } from '../runs/kept-data.ts';
import { readRunData, writeRunData } from '../runs/run-data.ts';
import type { RememberedData } from '../runs/run-data.ts';
import { predictionsFolder, saidFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { rememberData, rememberedData, rememberFiles } from './data-of-run.ts';
import { describeData } from './describe-data.ts';

export interface DataToResume extends RememberedData {
  /** These are other data than the run was trained on: see `rememberChanged`. */
  readonly isChanged: boolean;
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
    if (files !== null) return { data: remembered.data, files, isChanged: false };
  }
  if (located === null) {
    await locateDataset(project.data);
  } else {
    const now = await describeData(project.data, located);
    const changes = changesOf(remembered.data, now);
    if (changes.length === 0) return { data: remembered.data, files: filesOf(located), isChanged: false };
    const older = await locateOlder(project.data);
    if (older !== null && changesOf(remembered.data, await describeData(project.data, older)).length === 0) {
      return { data: remembered.data, files: filesOf(older), isChanged: false };
    }
    if (wanted === 'changed') return takeChanged(remembered, now, located);
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
  { data: before }: RememberedData,
  now: RememberedData['data'],
  located: LocatedDataset,
): DataToResume {
  const failure = otherForm(before, now);
  if (failure !== null) throw new FailureError(failure);
  return { data: onChangedData(before, now), files: filesOf(located), isChanged: true };
}

function filesOf({ train, test }: LocatedDataset): RememberedData['files'] {
  return { train, test };
}

/**
 * Has a run remember the changed data from now on. Only whoever has claimed the run may do so: it replaces the samples
 * that the run kept. What the network predicted for the samples before says nothing about those of now.
 */
export async function rememberChanged(run: string, { data, files }: RememberedData): Promise<void> {
  for (const folder of [predictionsFolder(run), saidFolder(run)]) await rm(folder, { recursive: true, force: true });
  await rememberFiles(run, data.source, files);
  await writeRunData(run, { data, files });
}

/** What to do, by each choice there is. */
const adviceOf: Readonly<Record<ResumedData, (run: string) => string>> = {
  stored: (run) => `resume on the samples stored with the run: torchwright resume ${run} --stored-data`,
  changed: (run) => `resume on the changed data: torchwright resume ${run} --data-changed-anyway`,
};

function refuse(run: RunRow, { data }: Project, changes: readonly string[], choices: readonly ResumedData[]): never {
  const ways = ['Restore the original data', ...choices.map((choice) => adviceOf[choice](run.id))];
  return fail(
    'dataChanged',
    `The data in ${data.source} are not the data that run ${run.id} was trained on. ${changes.join(' ')}`,
    { at: data.source, advice: choices.length === 0 ? `${ways[0]}.` : ways.join(', or '), choices },
  );
}
