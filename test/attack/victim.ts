import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { connectSocket } from '../../core/contract/socket.ts';
import type { SocketTransport } from '../../core/contract/socket.ts';

export const token = 'a-token-for-the-attack';

/** A folder with a home, a cache and a file beside them that no attack may reach. */
export interface Ground {
  readonly folder: string;
  readonly home: string;
  readonly secret: string;
  remove(): Promise<void>;
}

export async function makeGround(): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-attack-'));
  const home = path.join(folder, 'home');
  await mkdir(home);
  const secret = path.join(folder, 'secret');
  await writeFile(secret, 'kept');
  return { folder, home, secret, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A server that is attacked. */
export class Victim {
  readonly address: URL;
  readonly #child: ChildProcess;
  #isEnding = false;
  #deaths = 0;
  #complaint = '';

  private constructor(child: ChildProcess, address: URL) {
    this.#child = child;
    this.address = address;
    child.stderr?.on('data', (chunk: Buffer) => (this.#complaint = (this.#complaint + chunk.toString()).slice(-4000)));
    child.on('exit', () => {
      if (!this.#isEnding) this.#deaths += 1;
    });
  }

  static async start({ folder, home }: Ground): Promise<Victim> {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'server.ts')], {
      // Relative paths begin in an empty place, not where this program was started.
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TORCHWRIGHT_HOME: home, TORCHWRIGHT_CACHE: path.join(folder, 'cache') },
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const address = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code ?? 'a signal'}: ${complaint}`)));
    });
    return new Victim(child, new URL(address));
  }

  /** Ended by itself. */
  get deaths(): number {
    return this.#deaths;
  }

  get complaint(): string {
    return this.#complaint;
  }

  connect(): SocketTransport {
    return connectSocket(`ws://${this.address.host}/socket`, token);
  }

  /** Whether it still answers, in a time that even a very busy machine keeps. */
  async isAlive(): Promise<boolean> {
    const response = await fetch(this.address, { signal: AbortSignal.timeout(60_000) }).catch(() => null);
    return response?.status === 200;
  }

  kill(): Promise<void> {
    this.#isEnding = true;
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve();
      else this.#child.once('exit', () => resolve()).kill('SIGKILL');
    });
  }
}
