import type { Handlers } from '../../core/contract/contract.ts';
import type { Marker, RunCalls, RunDetails, RunSummary } from '../../core/contract/runs.ts';
import { suitsWebPage } from '../../core/export/web-page.ts';
import { runFiguresIn } from '../../core/figures/of-runs.ts';
import { placeOf } from '../../core/training/place.ts';
import { fail } from '../failures.ts';
import { readProject } from '../projects/open-project.ts';
import { readCheckpointIndex } from '../runs/checkpoint-index.ts';
import type { CheckpointIndex } from '../runs/checkpoint-index.ts';
import { readInitialWeights } from '../runs/initial-weights.ts';
import { checkpointsFolder, picturesFolder, readRunProject, readRunRecord, runFolder } from '../runs/run-folder.ts';
import { fittingRuns } from '../runs/fitting-runs.ts';
import { readRunData } from '../runs/run-data.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';
import { renameRun } from '../runs/run-names.ts';
import { deleteRun } from '../runs/runs.ts';
import { findGeneratedPictures, readGeneratedPicture } from '../training/generated-pictures.ts';
import { readBegunProject } from '../training/record-changes.ts';
import type { EventHub } from './event-hub.ts';
import { namedByRun } from './name-modules.ts';
import type { Trainings } from './trainings.ts';

export function runCalls(index: RunIndex, trainings: Trainings, events: EventHub): Pick<Handlers, keyof RunCalls> {
  const named = async (run: string): Promise<RunRow> =>
    (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
  return {
    'runs.list': async (query) => {
      const { total, runs } = await index.find(query);
      return { total, runs: runs.map(summary) };
    },
    'runs.fitting': async (query) => (await fittingRuns(index, query)).map(summary),
    'runs.get': async ({ run }) => details(index, await named(run)),
    'runs.epochs': ({ runs }) => runs.map((run) => ({ run, epochs: index.epochs.of(run) })),
    'runs.steps': async ({ runs, ...stretch }) => {
      const rows = await Promise.all(runs.map(named));
      return rows.map(({ id, stepsPerEpoch }) => index.metrics.steps(id, stepsPerEpoch ?? 0, stretch));
    },
    'runs.update': async ({ name, ...update }) => {
      const row = await named(update.run);
      if (name !== undefined) await renameRun(index, row, name);
      index.update(update);
      events.emit('runsChanged', { runs: [update.run] });
    },
    'runs.remove': async ({ runs }) => {
      for (const run of runs) {
        if (trainings.isActive(run)) fail('inUse', `The run ${run} is being trained. Stop it first.`, { at: run });
        await deleteRun(index, await named(run));
        events.emit('runsChanged', { runs: [run] });
        events.emit('runsRemoved', { runs: [run] });
      }
    },
    'runs.project': async ({ run }) => ({
      name: (await named(run)).project,
      text: await readRunProject(run),
      begun: await readBegunProject(run),
    }),
    'runs.pictures': async ({ run }) => {
      const { id } = await named(run);
      const { recipe } = readProject(await readRunProject(id), runFolder(id));
      if (recipe.kind !== 'adversarial') return null;
      return { ...(await findGeneratedPictures(picturesFolder(id))), isConditional: recipe.conditional === true };
    },
    'runs.picture': async ({ run, picture }) => {
      const { id } = await named(run);
      const found = await readGeneratedPicture(picturesFolder(id), picture);
      const what = picture === 'animation' ? 'animation' : `picture of epoch ${picture}`;
      return found ?? fail('notFound', `The run ${run} has no ${what} yet.`, { at: run });
    },
  };
}

function summary(row: RunRow): RunSummary {
  const { id, name, project, created, status, isStarred, tags, note, seed, device, deviceName, threads } = row;
  const { parameters, epochs, epochsDone, seconds, failure } = row;
  const settings = { id, name, project, created, status, isStarred, tags, note, seed, device, deviceName, threads };
  return { ...settings, parameters, epochs, epochsDone, ...runFiguresIn(row), seconds, failure };
}

async function details(index: RunIndex, row: RunRow): Promise<RunDetails> {
  const [record, initialWeights, checkpoints, hasPage, evaluateViews, failure] = await Promise.all([
    readRunRecord(row.id),
    readInitialWeights(row.id).catch(() => null),
    readCheckpointIndex(checkpointsFolder(row.id)).catch(() => null),
    hasWebPage(row.id).catch(() => true),
    viewsOf(row.id).catch(() => null),
    row.failure && namedByRun(row.id, row.failure),
  ]);
  const { trainSamples, testSamples, stepsPerEpoch } = row;
  const last = checkpoints && { epoch: checkpoints.last.epoch, step: checkpoints.last.step };
  const best = checkpoints?.best ?? null;
  return {
    ...summary(row),
    failure,
    trainSamples,
    testSamples,
    stepsPerEpoch,
    folder: runFolder(row.id),
    checkpoints: { last, best: best && { epoch: best.epoch, testAccuracy: best.testAccuracy } },
    evaluateViews,
    suitsWebPage: hasPage,
    versions: record?.versions ?? {},
    choices: record?.choices ?? [],
    initialWeights,
    markers: [...index.metrics.markers(row.id), ...checkpointMarkers(checkpoints, stepsPerEpoch ?? 0)],
  };
}

async function viewsOf(run: string): Promise<RunDetails['evaluateViews']> {
  const { recipe } = readProject(await readRunProject(run), runFolder(run));
  return (recipe.kind === 'supervised' && recipe.evaluateViews) || null;
}

/** True too where nothing is known of the data: then the export itself says what is wrong. */
async function hasWebPage(run: string): Promise<boolean> {
  const [known, text] = await Promise.all([readRunData(run), readRunProject(run)]);
  if (known === null) return true;
  const { inputShape, values, classNames } = known.data;
  return suitsWebPage({
    isAdversarial: readProject(text, runFolder(run)).recipe.kind === 'adversarial',
    shape: inputShape,
    isBytes: values.kind === 'bytes',
    classes: classNames.length,
  });
}

function checkpointMarkers(checkpoints: CheckpointIndex | null, stepsPerEpoch: number): Marker[] {
  if (checkpoints === null || stepsPerEpoch === 0) return [];
  const at = (kind: Marker['kind'], position: CheckpointIndex['last']): Marker => ({
    kind,
    ...placeOf(position, stepsPerEpoch),
    time: 0,
    changes: null,
  });
  return [at('checkpoint', checkpoints.last), ...(checkpoints.best ? [at('best', checkpoints.best)] : [])];
}
