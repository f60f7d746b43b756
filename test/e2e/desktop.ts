import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { patience } from './hands.ts';

const { findElectron } = (await import(new URL('../../setup/electron.mjs', import.meta.url).href)) as {
  readonly findElectron: () => string | null;
};

const repository = path.resolve(import.meta.dirname, '../..');
const electron = findElectron();

/** What `npm test` brings where it may; elsewhere these tests are skipped and counted as such. */
export const hasDesktop = electron !== null && existsSync('/usr/bin/Xvfb');
export const chromium = '/usr/bin/chromium';
export const pagesFolder = path.join(repository, 'out', 'renderer');

/** A display in memory. */
export interface Display {
  readonly name: string;
  close(): void;
}

export function openDisplay(): Promise<Display> {
  const child: ChildProcess = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout?.once('data', (number: Buffer) =>
      resolve({ name: `:${number.toString().trim()}`, close: () => void child.kill() }),
    );
  });
}

export interface Desktop {
  readonly application: ElectronApplication;
  readonly window: Page;
}

export function makeHome(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'torchwright-'));
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Starts the built application in Electron, as `npm start` does, but drawn by the processor alone. */
export async function startDesktop(display: Display, home: string): Promise<Desktop> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const application = await _electron.launch({
    executablePath: electron ?? '',
    args: [repository, ...sandbox, '--disable-gpu'],
    env: { ...(process.env as Record<string, string>), DISPLAY: display.name, TORCHWRIGHT_HOME: home },
  });
  const window = await application.firstWindow();
  window.setDefaultTimeout(patience.timeout);
  return { application, window };
}

/** Answers the question about trainings under way, the next time it is asked. `button` counts from 0. */
export async function answerQuestion(application: ElectronApplication, button: number): Promise<void> {
  await application.evaluate(({ dialog }, response) => {
    dialog.showMessageBox = () => Promise.resolve({ response, checkboxChecked: false });
  }, button);
}
