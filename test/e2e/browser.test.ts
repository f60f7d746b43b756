import { existsSync } from 'node:fs';
import { chromium as playwright } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../main/serve/server.ts';
import type { RunningServer } from '../../main/serve/server.ts';
import { chromium, makeHome, pagesFolder, removeHome } from './desktop.ts';

let home: string;
let server: RunningServer;
let browser: Browser;

describe.runIf(existsSync(chromium))('the workbench in a browser', () => {
  beforeAll(async () => {
    home = await makeHome();
    process.env['TORCHWRIGHT_HOME'] = home;
    server = await serve({ host: '127.0.0.1', port: 0, pages: pagesFolder });
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await removeHome(home);
  }, 60_000);

  it('opens at its address, under a strict policy, without a complaint', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const response = await page.goto(server.address);
    expect(response?.status()).toBe(200);
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    await expect.poll(() => page.locator('#app > *').count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('tells a stranger without the token what is missing', async () => {
    const page = await browser.newPage();
    const { origin } = new URL(server.address);
    const response = await page.goto(`${origin}/?token=a-token-that-is-wrong`);
    expect(response?.status()).toBe(403);
    expect(await page.locator('body').innerText()).toContain('token');
    await page.close();
  });
});
