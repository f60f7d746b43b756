import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { chromium as playwright } from 'playwright-core';
import type { Page } from 'playwright-core';
import { serve } from '../../main/serve/server.ts';
import {
  answerQuestion,
  chromium,
  hasDesktop,
  makeHome,
  openDisplay,
  pagesFolder,
  removeHome,
  startDesktop,
} from './desktop.ts';
import { patience } from './hands.ts';

/** The workbench in one of its two forms, open on a fresh home. */
export interface OpenedShell {
  readonly page: Page;
  /** Of the process that the workbench runs in. */
  readonly pid: number;
  /** Of the engine processes there are now. */
  enginePids(): Promise<readonly number[]>;
  /** Ends the trainings too. */
  close(): Promise<void>;
}

export interface OpenedBrowser extends OpenedShell {
  readonly address: string;
  /** As another person's browser, at the same address. */
  openAnother(): Promise<Page>;
}

export const hasBrowser = existsSync(chromium);

export async function openElectron(): Promise<OpenedShell> {
  const display = await openDisplay();
  const home = await makeHome();
  const { application, window } = await startDesktop(display, home);
  return {
    page: window,
    pid: application.process().pid!,
    enginePids: () =>
      application.evaluate(({ app }) =>
        app.getAppMetrics().flatMap(({ pid, name }) => (name === 'Torchwright engine' ? [pid] : [])),
      ),
    async close() {
      await answerQuestion(application, 1);
      await application.close();
      display.close();
      await removeHome(home);
    },
  };
}

export async function openBrowser(): Promise<OpenedBrowser> {
  const home = await makeHome();
  process.env['TORCHWRIGHT_HOME'] = home;
  const server = await serve({ host: '127.0.0.1', port: 0, pages: pagesFolder });
  const browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });
  async function openAnother(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(patience.timeout);
    const page = await context.newPage();
    await page.goto(server.address);
    return page;
  }
  return {
    page: await openAnother(),
    pid: process.pid,
    address: server.address,
    openAnother,
    enginePids: forkedEngines,
    async close() {
      await browser.close();
      await server.close();
      await removeHome(home);
    },
  };
}

export const shells = [
  { name: 'Electron', isHere: hasDesktop, open: openElectron },
  { name: 'Chromium', isHere: hasBrowser, open: openBrowser },
] as const;

/**
 * For what only the page does, with a pointer: it is the same in both. Keys, which a menu may take, files and trainings
 * are tested in each.
 */
export const oneShell = [shells.find(({ name, isHere }) => name === 'Chromium' && isHere) ?? shells[0]] as const;

/** The server runs in this process: its engines are this process's children. Linux. */
async function forkedEngines(): Promise<readonly number[]> {
  const tasks = await readdir('/proc/self/task');
  const lists = await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, 'utf8')));
  const children = lists.join(' ').split(' ').filter(Boolean).map(Number);
  const lines = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return children.filter((_, index) => lines[index]!.includes('engine-process'));
}
