import { describe, expect, it } from 'vitest';
import type { WatchedEvent } from '../../../core/contract/training.ts';
import { canGoOn, isOver, progressOf, reduceRun, startingRun } from '../../../renderer/features/train/live-run.ts';
import type { WatchedRun } from '../../../renderer/features/train/live-run.ts';

const run = 'mnist-logit-1';
const figures = { loss: 0.5, accuracy: 0.9 };

const started: WatchedEvent = {
  ...{
    event: 'runStarted',
    run,
    project: 'mnist-logit',
    device: 'cpu',
    deviceName: 'a processor',
    threads: 2,
    seed: 1,
  },
  ...{
    parameters: 7850,
    trainSamples: 1000,
    testSamples: 100,
    epochs: 4,
    stepsPerEpoch: 10,
    fromEpoch: 0,
    fromStep: 0,
  },
};

function step(epoch: number, at: number): WatchedEvent {
  const place = { event: 'step', run, epoch, epochs: 4, step: at, steps: 10 } as const;
  return { ...place, train: figures, learningRate: 0.1, imagesPerSecond: 1000, secondsLeft: 1 };
}

function epochFinished(epoch: number): WatchedEvent {
  const place = { event: 'epochFinished', run, epoch, epochs: 4 } as const;
  return { ...place, learningRate: 0.1, train: figures, test: figures, seconds: 1, imagesPerSecond: 1000 };
}

function after(...events: readonly WatchedEvent[]): WatchedRun {
  return events.reduce((now, event) => reduceRun(now, event, 0), startingRun(run, 'mnist-logit', null));
}

describe('a run as the window watches it', () => {
  it('runs, pauses at a place, goes on and finishes', () => {
    expect(after(started).state.kind).toBe('running');
    const paused = after(started, epochFinished(1), step(2, 5), { event: 'runPaused', run, epoch: 2, step: 5 });
    expect(paused.state.kind).toBe('paused');
    expect(paused.markers).toMatchObject([{ kind: 'paused', epoch: 1.5, step: 15 }]);
    expect(reduceRun(paused, { event: 'runContinued', run, epoch: 2, step: 5 }, 0).state.kind).toBe('running');
    const finished = { event: 'runFinished', run, epochs: 4, train: figures, test: figures, seconds: 4 } as const;
    expect(isOver(reduceRun(paused, finished, 0).state)).toBe(true);
  });

  it('tells how far it is', () => {
    expect(progressOf(after(started))).toBe(0);
    expect(progressOf(after(started, step(2, 5)))).toBeCloseTo(1.5 / 4);
    expect(progressOf(after(started, step(2, 10), epochFinished(2)))).toBeCloseTo(2 / 4);
  });

  it('forgets the epochs after the checkpoint it goes on from', () => {
    const events = [started, epochFinished(1), epochFinished(2), { event: 'runKilled', run }] as const;
    const killed = after(...events);
    expect(canGoOn(killed.state)).toBe(true);
    const resumed = reduceRun(killed, { ...started, fromEpoch: 1 }, 0);
    expect(resumed.epochs.map(({ epoch }) => epoch)).toEqual([1]);
    expect(resumed.state.kind).toBe('running');
  });

  it('can be gone on with after a crash, and not after it finished', () => {
    const error = { code: 'engineCrashed', message: 'The engine ended.' } as const;
    const crash = { event: 'engineCrashed', run, error, complaint: 'last words', checkpoint: null } as const;
    expect(after(started, crash).state).toEqual({ kind: 'crashed', error, complaint: 'last words' });
    expect(canGoOn(after(started, crash).state)).toBe(true);
    expect(canGoOn({ kind: 'finished', test: figures, averaged: null, seconds: 1 })).toBe(false);
  });
});
