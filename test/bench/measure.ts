import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../../main/engine/engine-host.ts';
import { failedProcess } from './failed-process.ts';
import type { PythonKind, Task } from './tasks.ts';

/** What both programs print. */
export interface Measured {
  readonly secondsPerStep: number;
  readonly peakBytes: number;
  /** Ours only: until the addon with libtorch was loaded. */
  readonly loadSeconds?: number;
}

export function measureEngine(task: Task, threads: number): Promise<Measured> {
  const program = fileURLToPath(new URL('engine-loop.ts', import.meta.url));
  const words = [program, task.name, task.precision, String(task.steps), String(threads)];
  return measure('The engine', process.execPath, words, '', engineEnvironment());
}

export interface PythonLoop {
  readonly python: string;
  readonly kind: PythonKind;
  readonly workers: number;
  /** Where the training images lie, as the plan has it. */
  readonly files: unknown;
}

export function measurePython(loop: PythonLoop, task: Task, threads: number): Promise<Measured> {
  const program = fileURLToPath(new URL('loops.py', import.meta.url));
  const options = [loop.kind, String(task.steps), String(threads), String(loop.workers)];
  const words = [program, task.name, task.precision, ...options];
  return measure('Python', loop.python, words, JSON.stringify(loop.files), process.env);
}

/** `name`: what the program is called in an error. */
function measure(
  name: string,
  program: string,
  words: string[],
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let [output, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-4000)));
    // A program that ends before it has read its input: how it ended says more.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      const measured = code === 0 ? readMeasured(output) : null;
      if (measured !== null) resolve(measured);
      else reject(new Error(failedProcess(name, { code, signal, complaint })));
    });
  });
}

/** Null: a program that ended well and printed something else. */
function readMeasured(output: string): Measured | null {
  try {
    return JSON.parse(output) as Measured;
  } catch {
    return null;
  }
}
