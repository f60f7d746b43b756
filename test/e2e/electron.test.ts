import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecipeDescription } from '../../core/contract/projects.ts';
import { holdTrainings } from '../step-gate.ts';
import { answerQuestion, hasDesktop, makeHome, openDisplay, removeHome, startDesktop } from './desktop.ts';
import type { Desktop, Display } from './desktop.ts';
import { beginRecipe, stepsPerEpoch } from './hands.ts';
import { heard, listen, pageWorkbench } from './page-workbench.ts';

const patience = { timeout: 20_000, interval: 100 };

let display: Display;
let home: string;
let desktop: Desktop;

describe.runIf(hasDesktop)('the workbench in Electron', () => {
  beforeAll(async () => {
    display = await openDisplay();
  });
  afterAll(() => display.close());
  beforeEach(async () => {
    home = await makeHome();
    desktop = await startDesktop(display, home);
  }, 60_000);
  afterEach(async () => {
    await answerQuestion(desktop.application, 1).catch(() => undefined);
    await desktop.application.close();
    await removeHome(home);
  }, 60_000);

  /** Starts a recipe that waits in its second epoch. */
  async function startTraining(): Promise<string> {
    await holdTrainings(stepsPerEpoch + 50);
    const workbench = pageWorkbench(desktop.window);
    const recipes = await workbench.call('recipes.list');
    const { project } = recipes.find(({ name }) => name === 'mnist-logit') as RecipeDescription;
    const projectText = JSON.stringify({ ...project, recipe: { ...project.recipe, epochs: 5 } });
    await listen(desktop.window, 'training');
    const { run } = await workbench.call('training.start', { projectText, device: 'cpu', threads: 1, seed: 1 });
    await expect.poll(() => events(), patience).toContain('epochFinished');
    return run;
  }

  async function events(): Promise<readonly string[]> {
    return (await heard(desktop.window, 'training')).map(({ event }) => event);
  }

  it('shows a page that has the bridge and nothing of Node or Electron', async () => {
    const { window } = desktop;
    expect(window.url()).toMatch(/^app:\/\/torchwright\//);
    const seen = await window.evaluate(() => {
      const page = globalThis as unknown as Record<string, unknown>;
      return {
        bridge: Object.keys(page['torchwright'] as object).sort(),
        others: ['require', 'process', 'module', 'ipcRenderer'].filter((name) => page[name] !== undefined),
      };
    });
    expect(seen).toEqual({ bridge: ['call', 'on', 'pathOf'], others: [] });
    const info = await pageWorkbench(window).call('app.info');
    expect(info).toMatchObject({ shell: 'electron', folders: { home } });
    await expect(window.evaluate(() => fetch('https://example.com').then(() => 'fetched'))).rejects.toThrow();
  });

  it('undoes what is typed in a dialog, by its keys and by the menu', async () => {
    const { window, application } = desktop;
    await beginRecipe(window, 'mnist-logit');
    await window.keyboard.press('Control+k');
    const field = window
      .getByRole('dialog')
      .getByRole('textbox')
      .or(window.getByRole('dialog').getByRole('combobox'))
      .first();
    const type = async (): Promise<void> => {
      await field.fill('');
      await field.pressSequentially('abc');
      expect(await field.inputValue()).toBe('abc');
    };
    await type();
    await window.keyboard.press('Control+z');
    await expect.poll(() => field.inputValue()).not.toBe('abc');
    await type();
    await application.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('undo')?.click();
    });
    await expect.poll(() => field.inputValue()).not.toBe('abc');
  });

  it('asks when it is closed while training, and saves and stops if that is the answer', async () => {
    const run = await startTraining();
    await answerQuestion(desktop.application, 1);
    const closed = desktop.window.waitForEvent('close');
    await desktop.window.evaluate(() => (globalThis as unknown as { close(): void }).close());
    await closed;
    // A process that is looked into waits at its end for those who look.
    await desktop.application.close();
    desktop = await startDesktop(display, home);
    const details = await pageWorkbench(desktop.window).call('runs.get', { run });
    expect(details.status).toBe('interrupted');
    expect(details.checkpoints.last).not.toBeNull();
  });

  it('goes on in the background without a window, if that is the answer', async () => {
    const run = await startTraining();
    await answerQuestion(desktop.application, 0);
    // Asked for again while it is still being closed, and twice: one window comes.
    await desktop.application.evaluate(({ app, BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.webContents.once('destroyed', () =>
        setImmediate(() => {
          app.emit('activate');
          app.emit('activate');
        }),
      );
    });
    const opened = desktop.application.waitForEvent('window');
    await desktop.window.evaluate(() => (globalThis as unknown as { close(): void }).close());
    desktop = { ...desktop, window: await opened };
    const [live] = await pageWorkbench(desktop.window).call('training.active');
    expect(live).toMatchObject({ run, state: { kind: 'running' } });
    expect(await desktop.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });
});
