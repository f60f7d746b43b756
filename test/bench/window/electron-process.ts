import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Display } from '../../e2e/desktop.ts';

const { findElectron } = (await import(new URL('../../../setup/electron.mjs', import.meta.url).href)) as {
  readonly findElectron: () => string | null;
};

/** Milliseconds between two looks for the page. */
const lookEvery = 25;

export interface ElectronProcess {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly began: number;
  /** Computes an expression in the page; its value, waited for, has to be plain. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Electron as `npm start` starts it, with nothing that holds it up: an end-to-end test's Electron waits for the
 * test's hand before it begins. Only Chromium's own port is open, and it is asked when the page is there.
 */
export async function startElectron(display: Display, home: string): Promise<ElectronProcess> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const words = [path.resolve(import.meta.dirname, '../../..'), '--remote-debugging-port=0', ...sandbox];
  const env = { ...process.env, DISPLAY: display.name, TORCHWRIGHT_HOME: home };
  const began = Date.now();
  const child = spawn(findElectron() ?? '', words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`Electron ended at once: ${output}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const socket = await openPage(port);
  return {
    pid: child.pid ?? 0,
    began,
    evaluate: (expression) => evaluate(socket, expression),
    async close() {
      socket.close();
      child.kill();
      await gone;
    },
  };
}

async function openPage(port: string): Promise<WebSocket> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const pages = (await answer.json()) as readonly { type: string; url: string; webSocketDebuggerUrl: string }[];
    const page = pages.find(({ type, url }) => type === 'page' && url.startsWith('app:'));
    if (page !== undefined) {
      const socket = new WebSocket(page.webSocketDebuggerUrl);
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve, { once: true });
        socket.addEventListener('error', reject, { once: true });
      });
      // The page is listed a little before it can be asked anything.
      while (!(await evaluate(socket, 'true').catch(() => false))) await wait(lookEvery);
      return socket;
    }
    await wait(lookEvery);
  }
}

/** One question at a time. */
function evaluate(socket: WebSocket, expression: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(
      'message',
      ({ data }) => {
        const { result, error } = JSON.parse(String(data)) as {
          result?: { result: { value?: unknown }; exceptionDetails?: unknown };
          error?: unknown;
        };
        if (result === undefined || result.exceptionDetails !== undefined)
          reject(new Error(JSON.stringify(error ?? result?.exceptionDetails)));
        else resolve(result.result.value);
      },
      { once: true },
    );
    const params = { expression, awaitPromise: true, returnByValue: true };
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  });
}

export type ProcessKind = 'main' | 'renderer' | 'other';

/** Bytes by kind of process, memory that several share counted by its share. Linux. */
export async function memoryOf(pid: number): Promise<Record<ProcessKind, number>> {
  const bytes = { main: 0, renderer: 0, other: 0 };
  for (const each of [pid, ...(await descendants(pid))]) {
    const [words, rollup] = await Promise.all([
      readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => ''),
      readFile(`/proc/${each}/smaps_rollup`, 'utf8').catch(() => ''),
    ]);
    const kind = each === pid ? 'main' : words.includes('--type=renderer') ? 'renderer' : 'other';
    bytes[kind] += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return bytes;
}

async function descendants(pid: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (each: number): boolean => {
    const parent = parents.get(each);
    return parent === pid || (parent !== undefined && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}
