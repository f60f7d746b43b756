import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../core/project/project.ts';
import { FailureError } from '../../core/failure.ts';
import { changesOf } from '../../core/training/run-data.ts';
import { contentOf } from '../datasets/content.ts';
import { locateDataset, locateOlder } from '../datasets/datasets.ts';
import type { LocatedDataset } from '../datasets/datasets.ts';
import { knownDataset } from '../datasets/known-datasets.ts';
import { readLabels } from '../datasets/read-labels.ts';
import { fail } from '../failures.ts';
import { readCheckpointIndex } from '../runs/checkpoint-index.ts';
import { keepData, keptData } from '../runs/kept-data.ts';
import type { DataFiles } from '../runs/kept-data.ts';
import { readRunData, writeRunData } from '../runs/run-data.ts';
import type { RememberedData } from '../runs/run-data.ts';
import { checkpointsFolder, predictionsFolder } from '../runs/run-folder.ts';
import type { RunRow } from '../runs/run-index.ts';
import { readPredictions } from '../evaluation/stored-predictions.ts';
import { describeData } from './describe-data.ts';
import { counted } from '../../core/format.ts';

/**
 * What a run was trained on: its classes, columns and normalisation as it keeps them, and files that hold those very
 * samples. Throws a FailureError where nothing holds them any more.
 */
export async function dataOfRun(run: RunRow, project: Project): Promise<RememberedData> {
  const remembered = await rememberedData(run, project);
  const kept = await keptData(run.id, remembered.files);
  if (kept !== null) return { data: remembered.data, files: kept };
  const located = await locateDataset(project.data);
  const changes = changesOf(remembered.data, await describeData(project.data, located));
  const { train, test } = located;
  if (changes.length === 0) return { data: remembered.data, files: { train, test } };
  return fail(
    'dataChanged',
    `${project.data.source} no longer contains the data of the run ${run.id}, which were too large to be stored with the run. ${changes.join(' ')}`,
    { at: project.data.source, advice: 'Restore the original data.' },
  );
}

/** As the run keeps it; a run of a version that kept nothing is completed, where the data are still those it had. */
export async function rememberedData(run: RunRow, project: Project): Promise<RememberedData> {
  return (await readRunData(run.id)) ?? complete(run, project);
}

/** Writes down what a run is to remember of its data, and keeps the samples with it where nothing else would. */
export async function rememberData(run: string, project: Project, located: LocatedDataset): Promise<RememberedData> {
  const data = await describeData(project.data, located);
  const { train, test } = located;
  await rememberFiles(run, project.data.source, { train, test });
  const remembered = { data, files: { train, test } };
  await writeRunData(run, remembered);
  return remembered;
}

/** The sets that the workbench knows by name can be had again, and are told from others by their checksums. */
export async function rememberFiles(run: string, source: string, files: DataFiles): Promise<void> {
  const known = knownDataset(source);
  if (known !== undefined && known.layout !== 'generated') return;
  await keepData(run, files, files.train.format === 'arrays');
}

async function complete(run: RunRow, project: Project): Promise<RememberedData> {
  const older = await locateOlder(project.data);
  const located =
    older ??
    (await locateDataset(project.data).catch((error: unknown) => {
      if (error instanceof FailureError && error.failure.code === 'notFound') {
        return lacks(run, project, 'The data no longer exist');
      }
      throw error;
    }));
  const doubt = await doubtAbout(run, project, located);
  if (doubt !== null) lacks(run, project, doubt);
  return rememberData(run.id, project, located);
}

function lacks(run: RunRow, { data }: Project, reason: string): never {
  const created = new Date(run.created).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return fail(
    'dataChanged',
    `The run ${run.id} was made by an older version, which did not keep its class names and normalisation. ${reason}, so they cannot be read from ${data.source}.`,
    {
      at: data.source,
      advice: `Restore the data of ${created} with their timestamps (cp -a), or train again.`,
    },
  );
}

/** Why today's data may be others than those that an older run was trained on; null: they are the same. */
async function doubtAbout(run: RunRow, project: Project, located: LocatedDataset): Promise<string | null> {
  const { train, test, inputShape } = located;
  const counts = [(await contentOf(train, inputShape)).samples, (await contentOf(test, inputShape)).samples] as const;
  // Samples are counted twice where each has a mirrored copy.
  const copies = project.data.augment?.flippedCopies === true ? 2 : 1;
  if (run.trainSamples !== null && run.trainSamples !== counts[0] * copies) {
    return `It was trained on ${counted(run.trainSamples / copies, 'sample')} and there are now ${counts[0]}`;
  }
  if (run.testSamples !== null && run.testSamples !== counts[1]) {
    return `It was tested on ${counted(run.testSamples, 'sample')} and there are now ${counts[1]}`;
  }
  if (await areLabelsOther(run, test)) return 'The labels of the test samples have changed';
  const known = knownDataset(project.data.source);
  if (known === undefined && (await newestChange(project.data.source)) > run.created) {
    return 'The data have changed since';
  }
  return null;
}

/** Held against what was stored with the predictions of its last checkpoint. */
async function areLabelsOther(run: RunRow, test: DataFiles['test']): Promise<boolean> {
  const index = await readCheckpointIndex(checkpointsFolder(run.id)).catch(() => null);
  if (index === null) return false;
  const checkpoint = path.join(checkpointsFolder(run.id), index.last.directory);
  const key = { folder: predictionsFolder(run.id), checkpoint, weights: 'last', views: 0 } as const;
  const stored = await readPredictions(key);
  if (stored === null || stored.targets !== null) return false;
  const labels = await readLabels(test, Int32Array.from(stored.labels.keys()));
  return labels.some((label, sample) => label !== stored.labels[sample]);
}

/** Milliseconds since 1970: when something in a file or folder was last written, made, renamed or removed. */
async function newestChange(place: string): Promise<number> {
  // A link that leads nowhere was never part of the data.
  const found = await stat(place).catch(() => null);
  if (found === null) return 0;
  let newest = found.mtimeMs;
  if (!found.isDirectory()) return newest;
  for (const name of await readdir(place)) newest = Math.max(newest, await newestChange(path.join(place, name)));
  return newest;
}
