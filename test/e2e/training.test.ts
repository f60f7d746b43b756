import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';
import {
  epochsShown,
  manyEpochs,
  patience,
  pointsDrawn,
  runShown,
  showPlace,
  stepsPerEpoch,
  testAccuracies,
  trainAndHold,
  trainButton,
  trainingState,
  untilEpochs,
} from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;

describe.each(shells)('by hand in $name', ({ name, isHere, open }) => {
  /** The engine is the same in both: in one it is waited for. */
  const goal = name === 'Electron' ? 97 : 92;

  beforeEach(async () => {
    if (isHere) shell = await open();
  });
  afterEach(async () => {
    await releaseTrainings();
    if (isHere) await shell.close();
  });

  it.runIf(isHere)(
    `trains on MNIST beyond ${goal} % under growing charts, pauses, goes on, stops`,
    { timeout: 600_000 },
    async () => {
      const { page } = shell;
      await trainAndHold(page, 'mnist-linear', 1);
      const best = async (): Promise<number> => Math.max(...(await testAccuracies(page)));
      const pointsEarly = await pointsDrawn(page, 'Loss');
      // Enough for any machine's rounding; it is stopped when it is good enough.
      for (let epochs = 2; epochs <= 3 || (epochs <= 40 && (await best()) <= goal); ++epochs) {
        await holdTrainings(epochs * stepsPerEpoch + 50);
        await untilEpochs(page, epochs);
      }
      expect(await best()).toBeGreaterThan(goal);
      expect(await pointsDrawn(page, 'Loss')).toBeGreaterThan(pointsEarly);
      expect(await pointsDrawn(page, 'Accuracy')).toBeGreaterThan(pointsEarly);

      await trainButton(page, 'Pause').click();
      await expect.poll(() => trainingState(page), patience).toBe('Paused');
      const pointsPaused = await pointsDrawn(page, 'Loss');
      // What is typed wrong keeps it paused, and every button says so.
      const typedRate = page.getByRole('form', { name: 'Change while paused' }).getByLabel('Learning rate');
      await typedRate.fill('abc');
      expect(await trainButton(page, 'Resume').isDisabled()).toBe(true);
      expect(await trainButton(page, 'Resume').getAttribute('title')).toMatch(/learning rate/i);
      expect(await trainButton(page, 'Pause').count()).toBe(0);
      await typedRate.fill('');
      await showPlace(page, 'Runs');
      await page.locator('td.paused').waitFor();
      await trainButton(page, 'Resume').click();
      await expect.poll(() => trainingState(page), patience).toBe('Training');
      await page.locator('td.running').waitFor();
      await showPlace(page, 'Train');
      await holdTrainings(41 * stepsPerEpoch);
      await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(pointsPaused);

      await trainButton(page, 'Stop').click();
      await expect.poll(() => trainingState(page), patience).toBe('Stopped');
      await page.getByText(new RegExp(`^Stopped (in|after) epoch \\d+ of ${manyEpochs}\\.`)).waitFor();
      expect(await trainButton(page, 'Train').isEnabled()).toBe(true);
    },
  );

  it.runIf(isHere)('shows that its engine was killed with -9, and goes on from the last checkpoint', async () => {
    const { page } = shell;
    await trainAndHold(page, 'mnist-logit');
    // The page may be asking another engine what devices there are: that one ends soon.
    await expect.poll(() => shell.enginePids(), patience).toHaveLength(1);
    const [pid] = await shell.enginePids();
    process.kill(pid!, 'SIGKILL');

    await expect.poll(() => trainingState(page), patience).toBe('Failed');
    expect(await page.getByRole('main').getByRole('alert').innerText()).toContain('SIGKILL');
    const run = await runShown(page);
    const before = await epochsShown(page);
    await page.getByRole('button', { name: 'Resume from the last checkpoint' }).click();
    await expect.poll(() => trainingState(page), patience).toBe('Training');
    await holdTrainings(4 * stepsPerEpoch);
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(before);
    expect(await runShown(page)).toBe(run);
    expect(await page.getByRole('main').getByRole('alert').count()).toBe(0);
  });

  it.runIf(isHere)('finds its training again when the window is reloaded in the middle of it', async () => {
    const { page } = shell;
    await trainAndHold(page, 'mnist-logit');
    const run = await runShown(page);
    const before = await epochsShown(page);
    await page.reload();
    await expect.poll(() => epochsShown(page), patience).toBe(before);
    await page.getByRole('list', { name: 'Misclassified test images' }).waitFor();
    await holdTrainings(4 * stepsPerEpoch + 50);
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(before);
    expect(await runShown(page)).toBe(run);
    expect(await trainingState(page)).toBe('Training');
    const points = await pointsDrawn(page, 'Loss');
    await holdTrainings(6 * stepsPerEpoch);
    await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(points);
  });
});
