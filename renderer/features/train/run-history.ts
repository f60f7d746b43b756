import type { RunDetails } from '../../../core/contract/runs.ts';
import type { LiveRun } from '../../../core/contract/training.ts';
import type { Project } from '../../../core/project/project.ts';
import type { PrecisionDecision } from '../../../core/training/decide-precision.ts';
import type { EpochFinished } from '../../../core/training/events.ts';
import { withOpenPrecision } from '../../../core/training/decide-precision.ts';
import { decisionOf } from '../../../core/training/explain-choices.ts';
import { workbench } from '../../app/workbench.ts';
import { readProject } from '../project/read-project.ts';
import type { RunPhase, RunState } from '../../../core/training/run-state.ts';
import { StepPoints } from './step-points.ts';

/** A run with what was measured at its steps. */
export interface RunHistory {
  readonly watched: RunState;
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
  const points = new StepPoints();
  if (steps !== undefined) points.addSeries(steps.series, steps.stepsPerEpoch);
  const { project, markers, choices } = details;
  const decision = decisionOf(choices);
  const figures = {
    epochs: epochs?.epochs ?? [],
    markers,
    started: null,
    epochsPlanned: null,
    stored: details,
    step: null,
  };
  return {
    watched: {
      ...{ run, project, trained: trainedProject(text, decision), state: storedState(details, figures), ...figures },
      ...(decision !== null && { precisionDecided: decision }),
    },
    points,
  };
}

/** Null: of a format that this window cannot read. */
function trainedProject(text: string, decision: PrecisionDecision | null): Project | null {
  const read = readProject(text);
  return read.ok ? withOpenPrecision(read.project, decision) : null;
}

function storedState(
  { status, failure, seconds }: RunDetails,
  { epochs }: { readonly epochs: readonly EpochFinished[] },
): RunPhase {
  const last = epochs.at(-1);
  if (status === 'failed' && failure !== null) return { kind: 'failed', error: failure };
  if (status !== 'finished' || last === undefined) return { kind: 'stopped' };
  return { kind: 'finished', test: last.test, averaged: last.averaged ?? null, seconds: seconds ?? 0 };
}

/** A run that is being trained: what is stored of it, and on top what its training has told since. */
export async function liveRun(live: LiveRun): Promise<RunHistory> {
  const { watched, points } = await storedRun(live.run);
  const { projectText, series, ...heard } = live;
  const { started, epochs } = heard;
  if (started !== null) points.addSeries(series, started.stepsPerEpoch);
  // It may have ended since, before this window listened: then nothing more is reported of it.
  const isOver = watched.state.kind === 'finished' || watched.state.kind === 'failed';
  const known = new Set(epochs.map(({ epoch }) => epoch));
  return {
    watched: {
      ...{ ...watched, ...heard, state: isOver ? watched.state : heard.state, markers: watched.markers },
      trained: trainedProject(projectText, watched.precisionDecided ?? null) ?? watched.trained,
      epochs: [...watched.epochs.filter(({ epoch }) => !known.has(epoch)), ...epochs],
    },
    points,
  };
}
