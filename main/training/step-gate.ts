import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from '../files.ts';

/** Milliseconds between two looks at a gate that is closed. */
const lookEvery = 20;

/**
 * For tests only. TORCHWRIGHT_STEP_GATE names a file that holds how many optimizer steps, counted from its beginning, a
 * run may take. A training that has taken them waits until the file allows more or is gone, so that a test meets a
 * training at a known step however fast the machine is. A training reads the file before it begins, at each epoch and
 * while it waits: a gate closes only for what is still to begin.
 *
 * Resolves with the steps that may be taken now; null: as many as there are, or the waiting was interrupted.
 */
export async function passStepGate(stepsDone: number, isInterrupted: () => boolean): Promise<number | null> {
  const file = process.env['TORCHWRIGHT_STEP_GATE'];
  if (file === undefined || file === '') return null;
  while (!isInterrupted()) {
    const text = await readIfThere(file);
    if (text === null) return null;
    const allowed = Number(text) - stepsDone;
    if (allowed > 0) return allowed;
    await sleep(lookEvery);
  }
  return null;
}
