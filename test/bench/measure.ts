import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from '../../main/engine/engine-host.ts';

/** What both programs print. */
export interface Measured {
  readonly secondsPerStep: number;
  readonly peakBytes: number;
  /** Ours only: until the addon with libtorch was loaded. */
  readonly loadSeconds?: number;
}

export function measureEngine(task: string, steps: number, threads: number): Promise<Measured> {
  const program = fileURLToPath(new URL('engine-loop.ts', import.meta.url));
  return measure(process.execPath, [program, task, String(steps), String(threads)], '', engineEnvironment());
}

export interface PythonLoop {
  readonly python: string;
  readonly kind: 'usual' | 'preloaded';
  readonly workers: number;
  /** Where the training images lie, as the plan has it. */
  readonly files: unknown;
}

export function measurePython(loop: PythonLoop, task: string, steps: number, threads: number): Promise<Measured> {
  const program = fileURLToPath(new URL('loops.py', import.meta.url));
  const words = [program, task, loop.kind, String(steps), String(threads), String(loop.workers)];
  return measure(loop.python, words, JSON.stringify(loop.files), process.env);
}

function measure(program: string, words: string[], input: string, env: NodeJS.ProcessEnv): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Measured);
      else reject(new Error(`${program} ${words.join(' ')} ended with ${code ?? 'a signal'}`));
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}
