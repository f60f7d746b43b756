import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Failure } from '../../core/failure.ts';
import type { TrainingEvent } from '../../core/training/events.ts';

export const program = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type PrintedEvent = TrainingEvent | { readonly event: 'error'; readonly error: Failure };

/** A command under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first event printed (with `--json`) that `wanted` accepts; rejects if the command ends before. */
  event(wanted: (event: PrintedEvent) => boolean): Promise<PrintedEvent>;
}

let temporary: string;

/** Gives every test of the calling file a data directory of its own, or all of them together one. */
export function useTemporaryHome(of: 'test' | 'file' = 'test'): {
  readonly make: () => Promise<void>;
  readonly remove: () => Promise<void>;
} {
  const make = async (): Promise<void> => {
    temporary = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  };
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  if (of === 'file') {
    beforeAll(make);
    afterAll(remove);
  } else {
    beforeEach(make);
    afterEach(remove);
  }
  return { make, remove };
}

export function temporaryFolder(): string {
  return temporary;
}

export function homeFolder(): string {
  return path.join(temporary, 'home');
}

/** Starts the command line in a process of its own, with its data directory in the temporary folder. */
export function start(...words: string[]): Running {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: temporary,
    env: { ...process.env, TORCHWRIGHT_HOME: homeFolder(), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events: PrintedEvent[] = [];
  const listeners = new Set<() => void>();
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    if (!line.startsWith('{')) return;
    events.push(JSON.parse(line) as PrintedEvent);
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended, event: (wanted) => firstEvent(events, listeners, ended, wanted) };
}

export function run(...words: string[]): Promise<Ended> {
  return start(...words).ended;
}

function firstEvent(
  events: readonly PrintedEvent[],
  listeners: Set<() => void>,
  ended: Promise<Ended>,
  wanted: (event: PrintedEvent) => boolean,
): Promise<PrintedEvent> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = events.find(wanted);
      if (found === undefined) return;
      listeners.delete(look);
      resolve(found);
    };
    listeners.add(look);
    look();
    void ended.then(({ stdout, stderr }) => reject(new Error(`ended without the event: ${stdout}${stderr}`)));
  });
}

/** The values that a command printed with `--json`. */
export function printed(ended: Ended): PrintedEvent[] {
  return ended.stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PrintedEvent);
}

/** Trains to the end; throws what was printed if that fails. Returns the run's id and what the last event said. */
export async function trainToEnd(...words: string[]): Promise<Extract<TrainingEvent, { event: 'runFinished' }>> {
  const ended = await run(...words, '--json');
  const last = ended.code === 0 ? printed(ended).at(-1) : undefined;
  if (last?.event !== 'runFinished') throw new Error(`code ${ended.code}: ${ended.stdout}${ended.stderr}`);
  return last;
}

export async function checkpointIndex(runId: string): Promise<{
  readonly last: { readonly directory: string; readonly epoch: number; readonly step: number };
  readonly best: { readonly directory: string; readonly testAccuracy: number } | null;
}> {
  const file = path.join(homeFolder(), 'runs', runId, 'checkpoints', 'index.json');
  return JSON.parse(await readFile(file, 'utf8')) as Awaited<ReturnType<typeof checkpointIndex>>;
}

/** The weights of a run's last checkpoint, byte for byte. */
export async function lastWeights(runId: string): Promise<Buffer> {
  const { last } = await checkpointIndex(runId);
  return readFile(path.join(homeFolder(), 'runs', runId, 'checkpoints', last.directory, 'model.safetensors'));
}
