import path from 'node:path';
import { utilityProcess } from 'electron';
import { engineEnvironment } from '../engine/engine-host.ts';
import type { EnginePort } from '../engine/engine-host.ts';
import type { FromEngine } from '../engine/messages.ts';

const complaintLength = 4000;

/** An engine in a utility process of Electron's: the bundled entry beside this one. */
export function openUtilityEngine(): EnginePort {
  const child = utilityProcess.fork(path.join(import.meta.dirname, 'engine-process.js'), [], {
    serviceName: 'Torchwright engine',
    env: engineEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  let isGone = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-complaintLength);
  });
  const pid = new Promise<number>((resolve) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('exit', () => resolve(0));
  });
  child.once('exit', () => (isGone = true));
  return {
    pid,
    post: (message) => {
      if (!isGone) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', (message: FromEngine) => listener(message)),
    onExit: (listener) => {
      // Chromium tells one number for both: on Unix a signal's number, or an exit code.
      child.once('exit', (code) => listener({ ...exitOf(code), complaint }));
    },
    kill: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}

const signals: ReadonlyMap<number, string> = new Map([
  [6, 'SIGABRT'],
  [9, 'SIGKILL'],
  [11, 'SIGSEGV'],
  [15, 'SIGTERM'],
]);

function exitOf(code: number): { readonly code: number | null; readonly signal: string | null } {
  const signal = process.platform === 'win32' ? undefined : signals.get(code);
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}
