import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  epochsShown,
  patience,
  pointsDrawn,
  runShown,
  testAccuracies,
  train,
  trainButton,
  trainingState,
} from './hands.ts';
import { shells } from './shells.ts';
import type { OpenedShell } from './shells.ts';

let shell: OpenedShell;

describe.each(shells)('by hand in $name', ({ isHere, open }) => {
  beforeEach(async () => {
    if (isHere) shell = await open();
  });
  afterEach(async () => {
    if (isHere) await shell.close();
  });

  it.runIf(isHere)(
    'trains on MNIST beyond 97 % under growing charts, pauses, goes on, stops',
    { timeout: 600_000 },
    async () => {
      const { page } = shell;
      // Enough for any machine's rounding; it is stopped when it is good enough.
      await train(page, 'mnist-linear', 40, 1);
      const pointsEarly = await pointsDrawn(page, 'Loss');
      await expect
        .poll(async () => Math.max(...(await testAccuracies(page))), { ...patience, timeout: 500_000 })
        .toBeGreaterThan(97);
      expect(await pointsDrawn(page, 'Loss')).toBeGreaterThan(pointsEarly);
      expect(await pointsDrawn(page, 'Accuracy')).toBeGreaterThan(pointsEarly);

      await trainButton(page, 'Pause').click();
      await expect.poll(() => trainingState(page), patience).toBe('Paused');
      const pointsPaused = await pointsDrawn(page, 'Loss');
      await trainButton(page, 'Resume').click();
      await expect.poll(() => trainingState(page), patience).toBe('Training');
      await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(pointsPaused);

      await trainButton(page, 'Stop').click();
      await expect.poll(() => trainingState(page), patience).toBe('Stopped');
      await page.getByText('Stopped. It goes on from its last checkpoint.').waitFor();
      expect(await trainButton(page, 'Train').isEnabled()).toBe(true);
    },
  );

  it.runIf(isHere)('shows that its engine was killed with -9, and goes on from the last checkpoint', async () => {
    const { page } = shell;
    await train(page, 'mnist-logit', 2000);
    // The page may be asking another engine what devices there are: that one ends soon.
    await expect.poll(() => shell.enginePids(), patience).toHaveLength(1);
    const [pid] = await shell.enginePids();
    process.kill(pid!, 'SIGKILL');

    await expect.poll(() => trainingState(page), patience).toBe('Engine crashed');
    expect(await page.getByRole('main').getByRole('alert').innerText()).toContain('SIGKILL');
    const run = await runShown(page);
    const before = await epochsShown(page);
    await page.getByRole('button', { name: 'Go on from the last checkpoint' }).click();
    await expect.poll(() => trainingState(page), patience).toBe('Training');
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(before);
    expect(await runShown(page)).toBe(run);
    expect(await page.getByRole('main').getByRole('alert').count()).toBe(0);
  });

  it.runIf(isHere)('finds its training again when the window is reloaded in the middle of it', async () => {
    const { page } = shell;
    await train(page, 'mnist-logit', 2000);
    const run = await runShown(page);
    const before = await epochsShown(page);
    await page.reload();
    await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(before);
    expect(await runShown(page)).toBe(run);
    expect(await trainingState(page)).toBe('Training');
    const points = await pointsDrawn(page, 'Loss');
    await expect.poll(() => pointsDrawn(page, 'Loss'), patience).toBeGreaterThan(points);
  });
});
