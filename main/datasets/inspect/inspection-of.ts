import { FailureError } from '../../../core/failure.ts';
import type { AlikeImages, DataChoice, DatasetInspection } from '../../../core/contract/inspection.ts';
import { runInEngine } from '../../engine/engine-host.ts';
import type { OpenEngine } from '../../engine/engine-host.ts';
import type { EngineResults, FindAlikeJob, InspectDataJob } from '../../engine/messages.ts';
import { locateDataset } from '../datasets.ts';
import type { LocatedDataset } from '../datasets.ts';
import type { Follower } from '../progress.ts';
import type { InspectedFiles } from './inspect-dataset.ts';
import { keepFinding, readFinding } from './kept-inspection.ts';

/** What can be seen of a data set: as it is kept, or by reading it in a process of its own. */
export async function inspectionOf(
  choice: DataChoice,
  follower: Follower,
  openEngine?: OpenEngine,
): Promise<DatasetInspection> {
  const located = await locateDataset(choice, follower.onProgress);
  const { columnNames } = located;
  const files = inspectedFiles(located);
  const kept = await readFinding(files, 'inspection');
  if (kept !== null) return { ...kept, columnNames };
  const found = await inProcess({ kind: 'inspectData', files }, follower, openEngine);
  await keepFinding(files, 'inspection', found);
  return { ...found, columnNames };
}

/** Its images that are alike, likewise. */
export async function alikeImagesOf(
  choice: DataChoice,
  follower: Follower,
  openEngine?: OpenEngine,
): Promise<AlikeImages> {
  const files = inspectedFiles(await locateDataset(choice, follower.onProgress));
  const kept = await readFinding(files, 'alike');
  if (kept !== null) return kept;
  const found = await inProcess({ kind: 'findAlike', files }, follower, openEngine);
  await keepFinding(files, 'alike', found);
  return found;
}

async function inProcess<Job extends InspectDataJob | FindAlikeJob>(
  job: Job,
  { onProgress, signal }: Follower,
  openEngine?: OpenEngine,
): Promise<EngineResults[Job['kind']]> {
  const run = runInEngine(
    job,
    (report) => {
      if (report.type === 'dataProgress') onProgress(report.progress);
    },
    openEngine?.(),
  );
  const kill = (): void => run.kill();
  signal?.addEventListener('abort', kill);
  if (signal?.aborted === true) kill();
  try {
    return await run.result;
  } catch (error) {
    // The process was ended for a reason.
    if (signal?.reason instanceof FailureError) throw signal.reason;
    throw error;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

function inspectedFiles({ train, test, inputShape, values, classNames, targets = 0 }: LocatedDataset): InspectedFiles {
  const { kind, origins } = values;
  return { train, test, inputShape, values: kind, classNames, targets, ...(origins === undefined ? {} : { origins }) };
}
