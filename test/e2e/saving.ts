import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { answerQuestion, hasDesktop, makeHome, openDisplay, removeHome, startDesktop } from './desktop.ts';
import { hasBrowser, openBrowser } from './shells.ts';

export interface SavedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** A shell of which it is known what it saves. */
export interface SavingShell {
  readonly page: Page;
  /** Where it keeps its runs. */
  readonly home: string;
  /** Does it, and gives the file that it saved. */
  saved(work: () => Promise<unknown>): Promise<SavedFile>;
  close(): Promise<void>;
}

async function openSavingBrowser(): Promise<SavingShell> {
  const browser = await openBrowser();
  const { page } = browser;
  return {
    page,
    home: process.env['TORCHWRIGHT_HOME']!,
    async saved(work) {
      const [download] = await Promise.all([page.waitForEvent('download'), work()]);
      return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
    },
    close: () => browser.close(),
  };
}

/** Electron's dialog for a file's place is answered with a folder of the test. */
async function openSavingElectron(): Promise<SavingShell> {
  const display = await openDisplay();
  const home = await makeHome();
  const { application, window } = await startDesktop(display, home);
  return {
    page: window,
    home,
    async saved(work) {
      const kept = await application.evaluateHandle(({ session }, folder) => {
        const file = new Promise<string>((resolve) => {
          session.defaultSession.once('will-download', (_event, item) => {
            const target = `${folder}/${item.getFilename()}`;
            item.setSavePath(target);
            item.once('done', () => resolve(target));
          });
        });
        return { file };
      }, home);
      await work();
      const file = await kept.evaluate((promised) => promised.file);
      return { name: path.basename(file), content: await readFile(file) };
    },
    async close() {
      await answerQuestion(application, 1);
      await application.close();
      display.close();
      await removeHome(home);
    },
  };
}

export const savingShells = [
  { name: 'Electron', isHere: hasDesktop, open: openSavingElectron },
  { name: 'Chromium', isHere: hasBrowser, open: openSavingBrowser },
] as const;
