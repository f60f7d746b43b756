import { FailureError } from '../../../core/failure.ts';
import type {
  AlikeImages,
  DataChoice,
  DatasetInspection,
  DuplicateFigures,
  DuplicateMember,
} from '../../../core/contract/inspection.ts';
import { runInEngine } from '../../engine/engine-host.ts';
import type { OpenEngine } from '../../engine/engine-host.ts';
import type { EngineResults, FindAlikeJob, InspectDataJob } from '../../engine/messages.ts';
import { addressInWords } from '../import/sample-address.ts';
import { sampleAddresses } from '../import/sample-names.ts';
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
  if (kept !== null) return { ...kept, columnNames, duplicates: await withAddresses(kept.duplicates, files) };
  const found = await inProcess({ kind: 'inspectData', files }, follower, openEngine);
  await keepFinding(files, 'inspection', found);
  return { ...found, columnNames, duplicates: await withAddresses(found.duplicates, files) };
}

/** Its images that are alike, likewise. */
export async function alikeImagesOf(
  choice: DataChoice,
  follower: Follower,
  openEngine?: OpenEngine,
): Promise<AlikeImages> {
  const files = inspectedFiles(await locateDataset(choice, follower.onProgress));
  const kept = await readFinding(files, 'alike');
  if (kept !== null) return withAddresses(kept, files);
  const found = await inProcess({ kind: 'findAlike', files }, follower, openEngine);
  await keepFinding(files, 'alike', found);
  return withAddresses(found, files);
}

/** The members of groups with where they were read from. */
async function withAddresses<Found extends DuplicateFigures>(found: Found, files: InspectedFiles): Promise<Found> {
  if (found.groups.length === 0) return found;
  const addresses = {
    train: await sampleAddresses(files.train, 'train'),
    test: await sampleAddresses(files.test, 'test'),
  };
  const addressed = (member: DuplicateMember): DuplicateMember => {
    const address = addressInWords(member.index, addresses[member.split]);
    return address === null ? member : { ...member, address };
  };
  return { ...found, groups: found.groups.map((group) => ({ ...group, members: group.members.map(addressed) })) };
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
