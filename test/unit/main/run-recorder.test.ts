import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TrainingEvent } from '../../../core/training/events.ts';
import { fold, startingRun } from '../../../core/training/run-state.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';
import { createRun } from '../../../main/runs/runs.ts';
import { RunRecorder } from '../../../main/training/run-recorder.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  vi.stubEnv('TORCHWRIGHT_HOME', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const figures = { loss: 0.5, accuracy: 0.75 };

function events(run: string, fromEpoch: number): readonly TrainingEvent[] {
  const started = {
    ...({ event: 'runStarted', run, project: 'p', device: 'cpu', deviceName: 'a CPU', threads: 1, seed: 1 } as const),
    ...{ parameters: 1, trainSamples: 100, testSamples: 10, epochs: 4, stepsPerEpoch: 10, fromEpoch, fromStep: 0 },
  } as const;
  const step = (at: number): TrainingEvent => ({
    ...({ event: 'step', run, epoch: fromEpoch + 1, epochs: 4, step: at, steps: 10, train: figures } as const),
    ...{ learningRate: 0.1, imagesPerSecond: 100, secondsLeft: null },
  });
  const place = { run, epoch: fromEpoch + 1, step: 5 };
  const finished = { run, epoch: fromEpoch + 1, epochs: 4, train: figures, test: figures, seconds: 1 };
  return [
    started,
    step(5),
    { event: 'checkpointSaved', kind: 'last', run, epoch: fromEpoch, step: 5 },
    { event: 'runPaused', ...place },
    { event: 'settingsChanged', ...place, changes: { epochs: 5 } },
    { event: 'runContinued', ...place },
    step(10),
    { event: 'epochFinished', ...finished, learningRate: 0.1, imagesPerSecond: 100 },
    { event: 'checkpointSaved', kind: 'last', run, epoch: fromEpoch + 1, step: 0 },
    { event: 'checkpointSaved', kind: 'best', run, epoch: fromEpoch + 1, step: 0 },
  ];
}

it('stores the markers that a window draws, at the same places, through a crash and a resumption', async () => {
  const index = await RunIndex.open();
  const settings = { project: 'p', projectText: '{}\n', seed: 1, epochs: 4, threads: 1, device: 'cpu' };
  const run = await createRun(index, settings);
  const error = { code: 'engineCrashed', message: 'The engine ended.' } as const;
  let recorder = new RunRecorder(index, run, 'p');
  let seen = startingRun(run, 'p', null);
  for (const event of events(run, 0)) {
    recorder.record(event);
    seen = fold(seen, event, 0);
  }
  recorder.crashed(error, '');
  seen = fold(seen, { event: 'engineCrashed', run, error, complaint: '', checkpoint: null }, 0);
  recorder = new RunRecorder(index, run, 'p');
  for (const event of events(run, 1)) {
    recorder.record(event);
    seen = fold(seen, event, 0);
  }
  recorder.flush();
  const places = (markers: typeof seen.markers) => markers.map((marker) => ({ ...marker, time: 0 }));
  const drawn = seen.markers.filter(({ kind }) => kind !== 'checkpoint' && kind !== 'best');
  expect(places(index.metrics.markers(run))).toEqual(places(drawn));
  expect(drawn.map(({ kind, step, epoch }) => [kind, step, epoch])).toEqual([
    ['started', 0, 0],
    ['paused', 5, 0.5],
    ['settingsChanged', 5, 0.5],
    ['continued', 5, 0.5],
    ['crashed', 10, 1],
    ['resumed', 10, 1],
    ['paused', 15, 1.5],
    ['settingsChanged', 15, 1.5],
    ['continued', 15, 1.5],
  ]);
  expect(seen.markers.filter(({ kind }) => kind === 'checkpoint' || kind === 'best')).toMatchObject([
    { kind: 'checkpoint', step: 20, epoch: 2 },
    { kind: 'best', step: 20, epoch: 2 },
  ]);
  expect(Array.from(index.metrics.steps(run, 10, { points: 100 }).series.step)).toEqual([5, 10, 15, 20]);
  expect(await index.get(run)).toMatchObject({ epochs: 5, epochsDone: 2, testAccuracy: 0.75 });
  index.close();
});
