import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../core/training/events.ts';
import { loadAddon } from '../../../main/engine/load-addon.ts';
import type { TrainingJob } from '../../../main/engine/messages.ts';
import { openProject } from '../../../main/projects/open-project.ts';
import { readCheckpointIndex } from '../../../main/runs/checkpoint-index.ts';
import { planProject } from '../../../main/training/plan-project.ts';
import { TrainingControl } from '../../../main/training/training-control.ts';
import { train } from '../../../main/training/training-loop.ts';

let folder: string;
let checkpoints: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  checkpoints = path.join(folder, 'checkpoints');
  await mkdir(checkpoints);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Set {
  readonly path: string;
  readonly value: string;
}

async function job(more: readonly Set[] = []): Promise<TrainingJob> {
  const project = await openProject('mnist-logit', [
    { path: 'recipe.batchSize', value: '10' },
    { path: 'recipe.evaluateBatchSize', value: '1000' },
    { path: 'recipe.schedule.rate', value: '0.004' },
    { path: 'recipe.epochs', value: '1' },
    ...more,
  ]);
  const { plan } = await planProject(project, { threads: 1, seed: 5 });
  const { schedule, epochs } = project.recipe;
  const whole = {
    earlyStopping: null,
    averaging: null,
    initialWeights: null,
    pictures: '',
    predictions: path.join(folder, 'predictions'),
    said: path.join(folder, 'said'),
    discriminatorSchedule: null,
  };
  return {
    kind: 'train',
    run: 'test',
    project: 'test',
    plan,
    device: 'cpu',
    schedule,
    epochs,
    checkpoints,
    ...whole,
  };
}

async function trainFor(
  secondsBetweenCheckpoints: number,
  stop = new AbortController(),
  onEvent: (event: TrainingEvent) => void = () => undefined,
  more: readonly Set[] = [],
): Promise<{ readonly state: string; readonly events: readonly TrainingEvent[]; readonly weights: Buffer }> {
  const events: TrainingEvent[] = [];
  const { state } = await train(
    await job(more),
    loadAddon(),
    (report) => {
      if (report.type !== 'event') return;
      events.push(report.event);
      onEvent(report.event);
    },
    new TrainingControl(stop.signal),
    secondsBetweenCheckpoints,
  );
  const index = await readCheckpointIndex(checkpoints);
  const weights = await readFile(path.join(checkpoints, index?.last.directory ?? '', 'model.safetensors'));
  return { state, events, weights };
}

it('saves within a long epoch, and the pauses change nothing', async () => {
  const paused = await trainFor(0.05);
  const saved = paused.events.filter((event) => event.event === 'checkpointSaved');
  expect(saved.filter(({ step }) => step > 0).length).toBeGreaterThan(1);
  expect(saved.at(-2)).toMatchObject({ kind: 'last', epoch: 1, step: 0 });
  expect(saved.at(-1)).toMatchObject({ kind: 'best', epoch: 1, step: 0 });
  await rm(folder, { recursive: true });
  const whole = await trainFor(300);
  expect(whole.events.filter((event) => event.event === 'checkpointSaved')).toHaveLength(2);
  expect(paused.weights).toEqual(whole.weights);
});

it('stopped while it evaluates keeps the trained epoch, and evaluates it when it goes on', async () => {
  const stop = new AbortController();
  // The last progress of an epoch comes shortly before its end: what is left are a few steps and the evaluation.
  const first = await trainFor(300, stop, (event) => {
    if (event.event === 'step' && event.step > 5000) setImmediate(() => stop.abort());
  });
  expect(first.state).toBe('interrupted');
  const second = await trainFor(300);
  expect(second.state).toBe('finished');
  expect(second.events[0]).toMatchObject({ event: 'runStarted', fromEpoch: 0 });
  await rm(folder, { recursive: true });
  const whole = await trainFor(300);
  expect(second.weights).toEqual(whole.weights);
  const finished = second.events.find((event) => event.event === 'epochFinished');
  const expected = whole.events.find((event) => event.event === 'epochFinished');
  if (finished?.event !== 'epochFinished' || expected?.event !== 'epochFinished') throw new Error('not finished');
  expect(finished.train).toEqual(expected.train);
  expect(finished.test).toEqual(expected.test);
});

it('stopped before it begins is interrupted at its beginning', async () => {
  const stop = new AbortController();
  stop.abort();
  const { state, events } = await trainFor(300, stop);
  expect(state).toBe('interrupted');
  expect(events.at(-1)).toMatchObject({ event: 'runInterrupted', epoch: 1, step: 0 });
});

it('a rate that falls on a plateau falls alike in a run that was interrupted', async () => {
  // Every epoch has to halve the loss, so that the rate falls after the second and every later one.
  const schedule = { type: 'ReduceOnPlateau', rate: 0.04, patience: 0, factor: 0.5, threshold: 0.5 };
  const more = [
    { path: 'recipe.schedule', value: JSON.stringify(schedule) },
    { path: 'recipe.epochs', value: '5' },
    { path: 'recipe.batchSize', value: '500' },
  ];
  const rates = (events: readonly TrainingEvent[]) =>
    events.flatMap((event) => (event.event === 'epochFinished' ? [event.learningRate] : []));
  const stop = new AbortController();
  const first = await trainFor(300, stop, ({ event }) => event === 'epochFinished' && stop.abort(), more);
  expect(first.state).toBe('interrupted');
  const second = await trainFor(300, new AbortController(), () => undefined, more);
  await rm(folder, { recursive: true });
  const whole = await trainFor(300, new AbortController(), () => undefined, more);
  expect(rates(whole.events)).toEqual([0.04, 0.04, 0.02, 0.01, 0.005]);
  expect([...rates(first.events), ...rates(second.events)]).toEqual(rates(whole.events));
  expect(second.weights).toEqual(whole.weights);
});
