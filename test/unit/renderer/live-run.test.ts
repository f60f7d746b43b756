import { describe, expect, it } from 'vitest';
import type { WatchedEvent } from '../../../core/contract/training.ts';
import {
  canGoOn,
  currentEpoch,
  isEvaluating,
  isOver,
  progressOf,
  stopWords,
} from '../../../renderer/features/train/live-run.ts';
import { fold, startingRun } from '../../../core/training/run-state.ts';
import type { RunState } from '../../../core/training/run-state.ts';

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

function after(...events: readonly WatchedEvent[]): RunState {
  return events.reduce((now, event) => fold(now, event, 0), startingRun(run, 'mnist-logit', null));
}

describe('a run as the window watches it', () => {
  it('runs, pauses at a place, goes on and finishes', () => {
    expect(after(started).state.kind).toBe('running');
    const paused = after(started, epochFinished(1), step(2, 5), { event: 'runPaused', run, epoch: 2, step: 5 });
    expect(paused.state.kind).toBe('paused');
    expect(paused.markers).toMatchObject([
      { kind: 'started', epoch: 0, step: 0 },
      { kind: 'paused', epoch: 1.5, step: 15 },
    ]);
    expect(fold(paused, { event: 'runContinued', run, epoch: 2, step: 5 }, 0).state.kind).toBe('running');
    const finished = { event: 'runFinished', run, epochs: 4, train: figures, test: figures, seconds: 4 } as const;
    expect(isOver(fold(paused, finished, 0).state)).toBe(true);
  });

  it('evaluates between the last step of an epoch and its end', () => {
    expect(isEvaluating(after(started, step(1, 9)))).toBe(false);
    expect(isEvaluating(after(started, step(1, 10)))).toBe(true);
    expect(currentEpoch(after(started, step(1, 10)))).toBe(1);
    expect(isEvaluating(after(started, step(1, 10), epochFinished(1)))).toBe(false);
    expect(isEvaluating(after(started, epochFinished(1), step(2, 10)))).toBe(true);
    expect(isEvaluating(after(started, step(1, 10), { event: 'runPaused', run, epoch: 1, step: 10 }))).toBe(false);
  });

  it('tells how far it is', () => {
    expect(progressOf(after(started))).toBe(0);
    expect(progressOf(after(started, step(2, 5)))).toBeCloseTo(1.5 / 4);
    expect(progressOf(after(started, step(2, 10), epochFinished(2)))).toBeCloseTo(2 / 4);
  });

  it('says in which epoch it is, and in which it was stopped', () => {
    const events = [started, epochFinished(1), epochFinished(2), epochFinished(3)] as const;
    expect(currentEpoch(after(started))).toBe(1);
    expect(currentEpoch(after(...events, step(4, 2)))).toBe(4);
    const stopped = after(...events, step(4, 2), { event: 'runInterrupted', run, epoch: 4, step: 2 });
    expect(currentEpoch(stopped)).toBe(4);
    expect(stopWords(stopped)).toContain('in epoch 4 of 4');
    const between = after(...events.slice(0, 3), { event: 'runInterrupted', run, epoch: 3, step: 0 });
    expect(currentEpoch(between)).toBe(2);
    expect(stopWords(between)).toContain('after epoch 2 of 4');
    const untested = after(...events.slice(0, 3), step(3, 10), { event: 'runInterrupted', run, epoch: 4, step: 0 });
    expect(stopWords(untested)).toContain('in epoch 3 of 4, before its evaluation.');
    // Opened later, when only the last checkpoint says how far it came.
    const marker = { kind: 'checkpoint', step: 32, epoch: 3.2, time: 0, changes: null } as const;
    const counts = { epochs: 4, stepsPerEpoch: 10, trainSamples: 1000 };
    const stored = { ...counts, deviceName: 'a processor', threads: 1, seed: 0 };
    const opened = { ...stopped, step: null, started: null, stored, markers: [marker] };
    expect(currentEpoch(opened)).toBe(4);
    expect(stopWords(opened)).toContain('in epoch 4 of 4');
  });

  it('forgets the epochs after the checkpoint it goes on from', () => {
    const events = [started, epochFinished(1), epochFinished(2), { event: 'runKilled', run }] as const;
    const killed = after(...events);
    expect(canGoOn(killed.state)).toBe(true);
    const resumed = fold(killed, { ...started, fromEpoch: 1 }, 0);
    expect(resumed.epochs.map(({ epoch }) => epoch)).toEqual([1]);
    expect(resumed.state.kind).toBe('running');
  });

  it('no longer counts as stopped early once it is trained further', () => {
    const settings = { metric: 'testLoss', patience: 1 } as const;
    const early = { event: 'stoppedEarly', run, epoch: 2, settings, best: { epoch: 1, test: figures } } as const;
    const stopped = after(started, epochFinished(1), epochFinished(2), early);
    expect(stopped.stoppedEarly).toEqual(early);
    const further = fold(
      stopped,
      { event: 'runStarting', run, project: 'mnist-logit', document: null, isResumed: true },
      0,
    );
    expect(further).not.toHaveProperty('stoppedEarly');
    expect(further.epochs).toEqual(stopped.epochs);
  });

  it('can be gone on with after a crash, and not after it finished', () => {
    const error = { code: 'engineCrashed', message: 'The engine ended.' } as const;
    const crash = { event: 'engineCrashed', run, error, complaint: 'Segmentation fault', checkpoint: null } as const;
    expect(after(started, crash).state).toEqual({ kind: 'crashed', error, complaint: 'Segmentation fault' });
    expect(canGoOn(after(started, crash).state)).toBe(true);
    expect(canGoOn({ kind: 'finished', test: figures, averaged: null, seconds: 1 })).toBe(false);
  });
});
