import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdTrainings } from '../step-gate.ts';
import {
  epochsShown,
  patience,
  runShown,
  stepsPerEpoch,
  trainAndHold,
  trainButton,
  trainingState,
  untilEpochs,
} from './hands.ts';
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

  it('lists no keys that a browser keeps for itself', async () => {
    const { page } = shell;
    await page.getByRole('heading', { name: 'Train your first network in two minutes' }).waitFor();
    await page.keyboard.press('F1');
    const sheet = page.getByRole('dialog');
    await sheet.getByText('Ctrl+S', { exact: true }).waitFor();
    for (const keys of ['Ctrl+N', 'Ctrl+Shift+N']) expect(await sheet.getByText(keys, { exact: true }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('takes the token out of the address, and still opens after a reload', async () => {
    const { page } = shell;
    const heading = page.getByRole('heading', { name: 'Train your first network in two minutes' });
    await page.goto(shell.address);
    await heading.waitFor();
    expect(page.url()).not.toContain('token');
    expect((await page.reload())?.status()).toBe(200);
    await heading.waitFor();
    // The address alone, in a browser that was never given the token, opens nothing.
    const stranger = await page.context().browser()!.newContext();
    expect((await (await stranger.newPage()).goto(new URL(shell.address).origin))?.status()).toBe(403);
    await stranger.close();
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
    await trainAndHold(one, 'mnist-logit');
    const other = await shell.openAnother();
    await expect.poll(() => trainingState(other), patience).toBe('Training');
    expect(await runShown(other)).toBe(await runShown(one));
    await expect.poll(() => epochsShown(other), patience).toBe(2);
    await holdTrainings(3 * stepsPerEpoch + 50);
    for (const page of [one, other]) await untilEpochs(page, 3);
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
