import { rename, rm, writeFile } from 'node:fs/promises';

/** Where test/setup/own-folders.ts has put it: see main/training/step-gate.ts. */
function gateFile(): string {
  const file = process.env['TORCHWRIGHT_STEP_GATE'];
  if (file === undefined) throw new Error('no gate was set up');
  return file;
}

/**
 * Trainings of this test file wait once they have taken so many optimizer steps, counted from a run's beginning. To be
 * called before the training begins, or with more steps while it waits.
 */
export async function holdTrainings(afterSteps: number): Promise<void> {
  const file = gateFile();
  await writeFile(`${file}.part`, String(afterSteps));
  await rename(`${file}.part`, file);
}

/** All trainings run freely again. */
export async function releaseTrainings(): Promise<void> {
  await rm(gateFile(), { force: true });
}
