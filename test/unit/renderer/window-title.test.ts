import { expect, it } from 'vitest';
import { endWords, windowTitle } from '../../../renderer/app/window-title.ts';
import { startingRun } from '../../../core/training/run-state.ts';
import type { RunPhase, RunState } from '../../../core/training/run-state.ts';
import { smallDigits } from '../../small-digits.ts';

const figures = { loss: 0.1, accuracy: 0.912 };
const step = {
  ...({ event: 'step', run: 'a', epoch: 2, epochs: 4, step: 5, steps: 10, train: figures } as const),
  ...{ learningRate: 0.1, imagesPerSecond: 100, secondsLeft: 1 },
};
const at = (state: RunPhase): RunState => ({ ...startingRun('a', 'digits', null), step, state });

it('the title of the window says how far a training is, and nothing of one that is over', () => {
  expect(windowTitle('digits', false, null)).toBe('digits – Torchwright');
  expect(windowTitle('digits', true, at({ kind: 'running' }))).toBe('37 % • digits – Torchwright');
  expect(windowTitle('digits', false, at({ kind: 'paused' }))).toBe('37 % paused digits – Torchwright');
  expect(windowTitle('digits', false, at({ kind: 'stopped' }))).toBe('digits – Torchwright');
});

it('a notification names the run and what came of it, unless it was stopped by hand', () => {
  const finished = at({ kind: 'finished', test: figures, averaged: null, seconds: 80 });
  expect(endWords(finished, 'digits-3')!.title).toContain('digits-3');
  expect(endWords(finished, 'digits-3')!.body).toContain('91.20 %');
  const failed = at({ kind: 'failed', error: { code: 'diverged', message: 'The loss is infinite.' } });
  expect(endWords(failed, 'digits-3')!.body).toBe('The loss is infinite.');
  const error = { code: 'diverged', message: 'Linear at networks.main.children[3] gives NaN.' } as const;
  const named = { ...at({ kind: 'failed', error }), trained: smallDigits };
  expect(endWords(named, 'digits-3')!.body).toBe('Linear 3 gives NaN.');
  expect(endWords(at({ kind: 'stopped' }), 'digits-3')).toBeNull();
  expect(endWords(at({ kind: 'running' }), 'digits-3')).toBeNull();
});
