import type { LiveRun } from '../../../core/contract/training.ts';
import { workbench } from '../../app/workbench.ts';
import { readProject } from '../project/read-project.ts';
import type { WatchedRun } from './live-run.ts';
import { StepPoints } from './step-points.ts';

/** A run with what was measured at its steps. */
export interface RunHistory {
  readonly watched: WatchedRun;
  readonly points: StepPoints;
}

/** Points a figure: a chart has no more pixels. */
const mostPoints = 2000;

/** What is stored of a run that nobody trains now. */
export async function storedRun(run: string): Promise<RunHistory> {
  const runs = [run];
  const [details, [epochs], [steps], { text }] = await Promise.all([
    workbench.call('runs.get', { run }),
    workbench.call('runs.epochs', { runs }),
    workbench.call('runs.steps', { runs, points: mostPoints }),
    workbench.call('runs.project', { run }),
  ]);
  const read = readProject(text);
  const points = new StepPoints();
  if (steps !== undefined) points.addSeries(steps.series, steps.stepsPerEpoch);
  const { project, markers } = details;
  const figures = { epochs: epochs?.epochs ?? [], markers, started: null, step: null };
  return {
    watched: { run, project, trained: read.ok ? read.project : null, state: { kind: 'stopped' }, ...figures },
    points,
  };
}

/** A run that is being trained: what is stored of it, and on top what its training has told since. */
export async function liveRun(live: LiveRun): Promise<RunHistory> {
  const { watched, points } = await storedRun(live.run);
  const { started, step, epochs, state } = live;
  const read = readProject(live.projectText);
  if (started !== null) points.addSeries(live.series, started.stepsPerEpoch);
  const known = new Set(epochs.map(({ epoch }) => epoch));
  return {
    watched: {
      ...{ ...watched, state: { kind: state }, started, step },
      trained: read.ok ? read.project : watched.trained,
      epochs: [...watched.epochs.filter(({ epoch }) => !known.has(epoch)), ...epochs],
    },
    points,
  };
}
