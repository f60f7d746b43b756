import { expect, it } from 'vitest';
import { runStateWords } from '../../../../core/training/run-states.ts';

it('every state of a run has one word, and a stopped run the same one stored and watched', () => {
  for (const word of Object.values(runStateWords)) expect(word).toMatch(/^[A-Z][a-z]+$/);
  expect(runStateWords.interrupted).toBe(runStateWords.stopped);
  expect(runStateWords.crashed).toBe(runStateWords.failed);
});
