import type { Handlers } from '../../core/contract/contract.ts';
import { onRead } from '../datasets/import/import-dataset.ts';
import { StayingEngine } from '../engine/staying-engine.ts';
import { Looks } from '../evaluation/looks.ts';
import { removeTemporaries } from '../files.ts';
import { checkedFolder, homeFolder, inspectionsFolder, projectsFolder, unsavedFolder } from '../paths.ts';
import { RunIndex } from '../runs/run-index.ts';
import { listRuns } from '../runs/runs.ts';
import { onDamagedCheckpoint } from '../runs/sound-checkpoint.ts';
import { confineReads } from './confine-reads.ts';
import { appCalls } from './app-calls.ts';
import { exportCalls } from './export-calls.ts';
import { CostMeasurements } from './cost-measurements.ts';
import { dataCalls } from './data-calls.ts';
import { DataWork } from './data-work.ts';
import { deviceUse } from './device-use.ts';
import { DeviceList } from './devices.ts';
import { evaluationCalls } from './evaluation-calls.ts';
import { EventHub } from './event-hub.ts';
import { importCalls } from './import-calls.ts';
import { inspectionCalls } from './inspection-calls.ts';
import { lookCalls } from './look-calls.ts';
import { nameModulesOfRuns } from './name-modules.ts';
import { OpenDocuments } from './open-documents.ts';
import { Profiles } from './profiles.ts';
import { projectCalls } from './project-calls.ts';
import { RateSearches } from './rate-searches.ts';
import { runCalls } from './run-calls.ts';
import { sampleCalls } from './sample-calls.ts';
import { SettingsStore } from './settings-store.ts';
import type { Shell } from './shell.ts';
import { trainingCalls } from './training-calls.ts';
import { Trainings } from './trainings.ts';
import { weightCalls } from './weight-calls.ts';
import { uploadCalls } from './upload-calls.ts';

/** Everything behind windows and browsers. Many of them may use one. */
export interface WorkbenchServices {
  readonly handlers: Handlers;
  readonly events: EventHub;
  readonly settings: SettingsStore;
  readonly trainings: Trainings;
  /** Of those that are being trained. */
  activeRunNames(): Promise<readonly string[]>;
  readonly documents: OpenDocuments;
  /** Trainings are to have ended. */
  close(): void;
}

export async function openWorkbench(shell: Shell): Promise<WorkbenchServices> {
  await removeTemporaries(homeFolder(), projectsFolder(), unsavedFolder(), inspectionsFolder(), checkedFolder());
  const events = new EventHub();
  const settings = await SettingsStore.open((changed) => events.emit('settingsChanged', changed));
  const index = await RunIndex.open();
  // Runs whose rows were lost are taken in.
  await listRuns(index);
  const devices = new DeviceList(shell.openEngine);
  const { openEngine } = shell;
  // Somebody waits for what is made of one picture; that is little beside a training.
  const looks = new Looks({ openEngine });
  const gathering = new Looks({ openEngine, isInBackground: true });
  const dataWork = new DataWork(events);
  const documents = new OpenDocuments(events);
  const augmenting = new StayingEngine({ openEngine: shell.openEngine });
  const costs = new CostMeasurements(openEngine);
  const profiles = new Profiles(openEngine);
  const trainings = new Trainings(index, shell.openEngine, events);
  events.whileHeard('deviceUse', () => deviceUse((use) => events.emit('deviceUse', use)));
  const forgetDamage = onDamagedCheckpoint((failure) => events.emit('warning', failure));
  // Also by a training or a measurement: windows check projects against what was read.
  const forgetReading = onRead(({ source }) => events.emit('dataChanged', { name: source }));
  const all: Handlers = {
    ...appCalls(shell, settings, devices),
    ...projectCalls(shell, settings, documents),
    ...dataCalls(dataWork, events),
    ...importCalls(shell, dataWork, events),
    ...uploadCalls(),
    ...inspectionCalls(index, dataWork, augmenting, shell.openEngine),
    ...trainingCalls(trainings, new RateSearches(index, shell.openEngine, events), costs, profiles),
    ...runCalls(index, trainings, events),
    ...exportCalls(index, events, shell),
    ...weightCalls(),
    ...evaluationCalls(index, shell.openEngine),
    ...lookCalls(index, { looks, gathering }),
    ...sampleCalls(index, shell.openEngine),
  };
  const named = nameModulesOfRuns(all);
  const handlers = shell.dataFolders === null ? named : confineReads(named, shell.dataFolders);
  const close = (): void => {
    forgetDamage();
    forgetReading();
    costs.cancel();
    profiles.cancelAll();
    void looks.close();
    void gathering.close();
    void augmenting.close();
    index.close();
  };
  const activeRunNames = (): Promise<readonly string[]> =>
    Promise.all(trainings.active().map(async ({ run }) => (await index.get(run))?.name ?? run));
  return { handlers, events, settings, trainings, activeRunNames, documents, close };
}
