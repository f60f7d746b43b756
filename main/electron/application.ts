import { app, nativeTheme } from 'electron';
import type { BrowserWindow, Tray } from 'electron';
import type { WorkbenchServices } from '../workbench/workbench.ts';
import { sleepBlocker, showTray } from './background.ts';
import { askAboutClosing } from './dialogs.ts';
import { openWindow, stateOf } from './window.ts';

/** One window over one workbench, and what happens when it is closed while trainings run. */
export class Application {
  readonly #workbench: Promise<WorkbenchServices>;
  #window: BrowserWindow | null = null;
  #opening: Promise<void> | null = null;
  #tray: Tray | null = null;
  #isAsking = false;
  /** Asked already, or nothing to ask: windows may close. */
  #mayQuit = false;

  constructor(workbench: Promise<WorkbenchServices>) {
    this.#workbench = workbench;
  }

  /** Follows the workbench once it is open. */
  async follow(): Promise<void> {
    const { events, settings, trainings } = await this.#workbench;
    nativeTheme.themeSource = settings.settings.theme;
    events.on('settingsChanged', ({ theme }) => {
      if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
    });
    trainings.onChanged(sleepBlocker(() => trainings.active().length > 0));
  }

  /** Opens the window, or brings the one there is to the front. */
  async show(): Promise<void> {
    if (this.#window === null) {
      this.#opening ??= this.#open().finally(() => (this.#opening = null));
      await this.#opening;
      return;
    }
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.focus();
  }

  /** `before-quit` and `window-all-closed` come here. */
  async quit(): Promise<void> {
    const workbench = await this.#workbench.catch(() => null);
    const runs = (await workbench?.activeRunNames()) ?? [];
    if (runs.length > 0) {
      if (this.#isAsking) return;
      this.#isAsking = true;
      const choice = await askAboutClosing(runs).finally(() => (this.#isAsking = false));
      if (choice === 'cancel') return;
      if (choice === 'background') {
        this.#goToBackground();
        return;
      }
      await workbench?.trainings.stopAll();
    }
    await this.#end();
  }

  get mayQuit(): boolean {
    return this.#mayQuit;
  }

  get isInBackground(): boolean {
    return this.#tray !== null;
  }

  async #open(): Promise<void> {
    const state = await this.#workbench.then(
      ({ settings }) => settings.settings.window,
      () => null,
    );
    this.#tray?.destroy();
    this.#tray = null;
    const window = openWindow(state);
    this.#window = window;
    window.on('close', (event) => {
      if (this.#mayQuit) return;
      event.preventDefault();
      void this.#close(window);
    });
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
    });
  }

  async #close(window: BrowserWindow): Promise<void> {
    const state = stateOf(window);
    await this.#workbench.then(({ settings }) => settings.write({ window: state })).catch(() => undefined);
    await this.quit();
  }

  #goToBackground(): void {
    this.#tray ??= showTray({ open: () => void this.show(), stop: () => void this.#stopAndQuit() });
    // Its end is told later: whoever asks for a window before that shall have a new one.
    const window = this.#window;
    this.#window = null;
    window?.destroy();
  }

  async #stopAndQuit(): Promise<void> {
    await (await this.#workbench).trainings.stopAll();
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#mayQuit = true;
    await this.#workbench.then((workbench) => workbench.close()).catch(() => undefined);
    app.quit();
  }
}
