import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../core/training/events.ts';
import { loadAddon } from '../../../main/engine/load-addon.ts';
import type { TrainingJob } from '../../../main/engine/messages.ts';
import { openProject } from '../../../main/projects/open-project.ts';
import { readCheckpointIndex } from '../../../main/runs/checkpoint-index.ts';
import { settleOnSoundCheckpoint } from '../../../main/runs/sound-checkpoint.ts';
import { planProject } from '../../../main/training/plan-project.ts';
import { TrainingControl } from '../../../main/training/training-control.ts';
import { train } from '../../../main/training/training-loop.ts';
import { holdTrainings, releaseTrainings } from '../../step-gate.ts';

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
    epochsBefore: null,
    isDataChanged: false,
    missingSource: null,
    earlyStopping: null,
    averaging: null,
    precision: null,
    initialWeights: null,
    pictures: '',
    predictions: path.join(folder, 'predictions'),
    predictedClasses: path.join(folder, 'predicted'),
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
  changes: Partial<TrainingJob> = {},
): Promise<{ readonly state: string; readonly events: readonly TrainingEvent[]; readonly weights: Buffer }> {
  const events: TrainingEvent[] = [];
  const { state } = await train(
    { ...(await job(more)), ...changes },
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

it('reports the last step of every epoch, before the epoch, with the figures of the whole of it', async () => {
  const few = [
    { path: 'recipe.batchSize', value: '6000' },
    { path: 'recipe.epochs', value: '3' },
  ];
  const { events } = await trainFor(300, new AbortController(), () => undefined, few);
  for (const [at, event] of events.entries()) {
    if (event.event !== 'epochFinished') continue;
    const before = events[at - 1];
    expect(before).toMatchObject({ event: 'step', epoch: event.epoch, step: 10, steps: 10 });
    if (before?.event !== 'step') throw new Error('no step');
    expect(before.train).toEqual(event.train);
    expect(before.learningRate).toBe(event.learningRate);
    expect(before.imagesPerSecond).toBeGreaterThan(0);
    expect(before.gradientNorm).toBeGreaterThan(0);
  }
  expect(events.filter(({ event }) => event === 'epochFinished')).toHaveLength(3);
});

it('reports the step that it is stopped at, before its checkpoint, and goes on from there', async () => {
  const few = [{ path: 'recipe.batchSize', value: '1000' }];
  await holdTrainings(7);
  const stop = new AbortController();
  // A busy machine may report steps before the one at which the training is held.
  const first = await trainFor(300, stop, (event) => event.event === 'step' && event.step === 7 && stop.abort(), few);
  expect(first.state).toBe('interrupted');
  const kinds = first.events
    .map(({ event }) => event)
    .filter((kind, at, all) => kind !== 'step' || all[at + 1] !== kind);
  expect(kinds).toEqual(['runStarted', 'step', 'checkpointSaved', 'runInterrupted']);
  expect(first.events.at(-3)).toMatchObject({ event: 'step', epoch: 1, step: 7 });
  await releaseTrainings();
  const { events, weights } = await trainFor(300, new AbortController(), () => undefined, few);
  expect(events[0]).toMatchObject({ event: 'runStarted', fromEpoch: 0, fromStep: 7 });
  await rm(folder, { recursive: true });
  const whole = await trainFor(300, new AbortController(), () => undefined, few);
  expect(weights).toEqual(whole.weights);
});

it('is interrupted within a call of the engine, and goes on to the same weights', async () => {
  const stop = new AbortController();
  // Right after the engine was called: it cannot have come to the end of its 6,000 steps.
  const first = await trainFor(300, stop, ({ event }) => event === 'runStarted' && setImmediate(() => stop.abort()));
  expect(first.state).toBe('interrupted');
  const second = await trainFor(300);
  await rm(folder, { recursive: true });
  expect(second.weights).toEqual((await trainFor(300)).weights);
});

it('stopped while it evaluates keeps the trained epoch, and evaluates it when it goes on', async () => {
  const stop = new AbortController();
  // The report of an epoch's last step comes before its evaluation.
  const first = await trainFor(300, stop, (event) => {
    if (event.event === 'step' && event.step === event.steps) setImmediate(() => stop.abort());
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

it('trained further after it stopped early does not stop at once, though killed before its next checkpoint', async () => {
  const few = [{ path: 'recipe.batchSize', value: '5000' }];
  // Nothing improves by so much.
  const earlyStopping = { metric: 'testLoss', patience: 1, minimumChange: 100 } as const;
  const short = await trainFor(300, undefined, undefined, few, { epochs: 5, earlyStopping });
  expect(short.events.at(-2)).toMatchObject({ event: 'stoppedEarly', epoch: 2 });
  const kill = (event: TrainingEvent): void => {
    // Before the epoch's checkpoint. What throws in the engine's own callback reaches nobody.
    if (event.event === 'epochFinished') throw new Error('killed');
  };
  const further = { epochs: 6, epochsBefore: 5, earlyStopping };
  await expect(trainFor(300, undefined, kill, few, further)).rejects.toThrow('killed');
  const { events } = await trainFor(300, undefined, undefined, few, { ...further, epochsBefore: null });
  const epochs = events.flatMap((event) => (event.event === 'epochFinished' ? [event.epoch] : []));
  expect(epochs).toEqual([3, 4]);
});

it('goes on from the checkpoint before a damaged one, to the same weights', async () => {
  const epochs = [{ path: 'recipe.epochs', value: '2' }];
  const { weights } = await trainFor(300, undefined, undefined, epochs);
  const file = path.join(checkpoints, 'epoch-2', 'state.safetensors');
  const state = await readFile(file);
  state[state.length - 1]! ^= 1;
  await writeFile(file, state);
  await settleOnSoundCheckpoint(checkpoints);
  expect((await readCheckpointIndex(checkpoints))?.last.directory).toBe('epoch-1');
  const again = await trainFor(300, undefined, undefined, epochs);
  expect(again.events.filter(({ event }) => event === 'epochFinished')).toHaveLength(1);
  expect(again.weights).toEqual(weights);
  const index = await readCheckpointIndex(checkpoints);
  expect([index?.last.directory, index?.previous?.directory, index?.best?.directory]).toEqual([
    'epoch-2',
    'epoch-1',
    'epoch-2',
  ]);
});

it('begins to look for the best epoch anew where the data have changed', async () => {
  const few = [{ path: 'recipe.batchSize', value: '5000' }];
  const best = (events: readonly TrainingEvent[]): readonly number[] =>
    events.flatMap((event) => (event.event === 'checkpointSaved' && event.kind === 'best' ? [event.epoch] : []));
  await trainFor(300, undefined, undefined, few, { epochs: 2 });
  // At this rate the third epoch is far worse than those before it, and the fourth than the third.
  const schedule = { type: 'Constant', rate: 1e4 } as const;
  const kill = (event: TrainingEvent): void => {
    if (event.event === 'runStarted') expect(event.isDataChanged).toBe(true);
    if (event.event === 'epochFinished') throw new Error('killed');
  };
  const further = { epochs: 3, schedule } as const;
  const first = trainFor(300, undefined, kill, few, { ...further, isDataChanged: true });
  await expect(first).rejects.toThrow('killed');
  // The data are those of the run by then, but the epochs before are not comparable for that.
  const changed = await trainFor(300, undefined, undefined, few, further);
  expect(changed.events[0]).toMatchObject({ event: 'runStarted', fromEpoch: 2 });
  expect(best(changed.events)).toEqual([3]);
  await rm(checkpoints, { recursive: true });
  await mkdir(checkpoints);
  await trainFor(300, undefined, undefined, few, { epochs: 2 });
  expect(best((await trainFor(300, undefined, undefined, few, { epochs: 3, schedule })).events)).toEqual([]);
});
