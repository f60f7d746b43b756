import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { epochsShown, patience, runShown, train, trainButton, trainingState } from './hands.ts';
import { hasBrowser, openBrowser } from './shells.ts';
import type { OpenedBrowser } from './shells.ts';

let shell: OpenedBrowser;

describe.runIf(hasBrowser)('the workbench in a browser', () => {
  beforeAll(async () => {
    shell = await openBrowser();
  });
  afterAll(() => shell.close());

  it('opens at its address, under a strict policy, without a complaint', async () => {
    const { page } = shell;
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const response = await page.goto(shell.address);
    expect(response?.status()).toBe(200);
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    await page.getByRole('heading', { name: 'Train your first network in two minutes' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('tells a stranger without the token what is missing, on a page with nothing else', async () => {
    const { page } = shell;
    const { origin } = new URL(shell.address);
    const response = await page.goto(`${origin}/?token=a-token-that-is-wrong`);
    expect(response?.status()).toBe(403);
    expect(await page.locator('body').innerText()).toContain('token');
    expect(await page.locator('script, link, button, input').count()).toBe(0);
  });

  it('shows one training to two browsers, and either may steer it', async () => {
    const one = await shell.openAnother();
    await train(one, 'mnist-logit', 2000);
    const other = await shell.openAnother();
    await expect.poll(() => trainingState(other), patience).toBe('Training');
    expect(await runShown(other)).toBe(await runShown(one));
    for (const page of [one, other]) {
      const epochs = await epochsShown(page);
      await expect.poll(() => epochsShown(page), patience).toBeGreaterThan(epochs);
    }
    await trainButton(other, 'Pause').click();
    await expect.poll(() => trainingState(one), patience).toBe('Paused');
    await expect.poll(() => trainingState(other), patience).toBe('Paused');
    // Each draws its table when it comes to it.
    await expect.poll(async () => (await epochsShown(one)) - (await epochsShown(other)), patience).toBe(0);
    // A browser that goes leaves the training as it is.
    await other.context().close();
    await trainButton(one, 'Stop').click();
    await expect.poll(() => trainingState(one), patience).toBe('Stopped');
    await one.context().close();
  });
});
