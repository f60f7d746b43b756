import type { Handlers } from '../../core/contract/contract.ts';
import { StayingEngine } from '../engine/staying-engine.ts';
import { Looks } from '../evaluation/looks.ts';
import { RunIndex } from '../runs/run-index.ts';
import { listRuns } from '../runs/runs.ts';
import { appCalls } from './app-calls.ts';
import { exportCalls } from './export-calls.ts';
import { dataCalls } from './data-calls.ts';
import { DataWork } from './data-work.ts';
import { deviceUse } from './device-use.ts';
import { DeviceList } from './devices.ts';
import { evaluationCalls } from './evaluation-calls.ts';
import { EventHub } from './event-hub.ts';
import { importCalls } from './import-calls.ts';
import { inspectionCalls } from './inspection-calls.ts';
import { lookCalls } from './look-calls.ts';
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
  /** Trainings are to have ended. */
  close(): void;
}

export async function openWorkbench(shell: Shell): Promise<WorkbenchServices> {
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
  const augmenting = new StayingEngine({ openEngine: shell.openEngine });
  const trainings = new Trainings(index, shell.openEngine, events);
  events.whileHeard('deviceUse', () => deviceUse((use) => events.emit('deviceUse', use)));
  const handlers: Handlers = {
    ...appCalls(shell, settings, devices),
    ...projectCalls(shell, settings),
    ...dataCalls(dataWork, events),
    ...importCalls(shell, dataWork, events),
    ...uploadCalls(),
    ...inspectionCalls(index, dataWork, augmenting, shell.openEngine),
    ...trainingCalls(trainings, new RateSearches(index, shell.openEngine, events)),
    ...runCalls(index, trainings, events),
    ...exportCalls(index, events, shell),
    ...weightCalls(),
    ...evaluationCalls(index, shell.openEngine),
    ...lookCalls(index, { looks, gathering }),
    ...sampleCalls(index, shell.openEngine),
  };
  const close = (): void => {
    void looks.close();
    void gathering.close();
    void augmenting.close();
    index.close();
  };
  return { handlers, events, settings, trainings, close };
}
