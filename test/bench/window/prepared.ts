import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Project } from '../../../core/project/project.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { answerQuestion, makeHome, openDisplay, removeHome, startDesktop } from '../../e2e/desktop.ts';
import type { Desktop } from '../../e2e/desktop.ts';

export interface PreparedWindow extends Desktop {
  readonly home: string;
  readonly close: () => Promise<void>;
}

/** Electron on a fresh home; `prepare` may put something into it first. */
export async function openWindow(prepare: (home: string) => Promise<unknown>): Promise<PreparedWindow> {
  const display = await openDisplay();
  const home = await makeHome();
  await prepare(home);
  const desktop = await startDesktop(display, home);
  await until(desktop.window, "performance.getEntriesByName('interactive').length > 0");
  return {
    ...desktop,
    home,
    async close() {
      await answerQuestion(desktop.application, 1);
      await desktop.application.close();
      display.close();
      await removeHome(home);
    },
  };
}

/** So that the window opens with this project. */
export async function leaveProject(home: string, project: Project): Promise<string> {
  const file = path.join(home, `${project.name}.json`);
  await writeFile(file, serialiseProject(project));
  const settings = { version: 1, lastProject: { file }, isIntroduced: true };
  await writeFile(path.join(home, 'settings.json'), JSON.stringify(settings));
  return file;
}

/** Waits until an expression holds in the page, for as long as it takes. Looks every `every` milliseconds. */
export async function until(page: Page, expression: string, every = 50): Promise<void> {
  while (!(await page.evaluate<boolean>(expression))) await wait(every);
}

export async function pressTrain(page: Page): Promise<void> {
  await page.getByRole('group', { name: 'Training' }).getByRole('button', { name: 'Train', exact: true }).click();
}

/** Milliseconds from an action in the page until a frame in which a condition holds has been handed to the screen. */
export function timeUntil(page: Page, action: string, condition: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const began = performance.now();
    ${action};
    const look = () => {
      const waited = performance.now() - began;
      if (${condition}) setTimeout(() => resolve(performance.now() - began), 0);
      else if (waited > 30000) reject(new Error('nothing came of it'));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
}

export const goTo = (place: string): string =>
  `[...document.querySelectorAll('nav[aria-label="Views"] button')].find((button) => button.textContent.includes('${place}')).click()`;
