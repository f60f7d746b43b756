import { execFile, spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Follower } from './progress.ts';

export interface Package {
  /** `name@version`. */
  readonly specifier: string;
  /** Of its archive. */
  readonly bytes: number;
}

const millisecondsBetween = 500;
/** What npm fetches besides the archive is smaller. Bytes. */
const smallest = 2 ** 20;

/**
 * Fetches a package's archive into a folder with the npm that runs us, or the one on the path. npm holds it against
 * the registry's checksum, and keeps what came only when it is whole.
 */
export async function packWithNpm(wanted: Package, folder: string, { onProgress, signal }: Follower): Promise<void> {
  const { specifier, bytes } = wanted;
  signal?.throwIfAborted();
  const [program, ...first] = npmCommand();
  const words = [...first, 'pack', specifier, '--pack-destination', folder, '--loglevel=error'];
  const arriving = await watchArrivals(program, first);
  const stage = `fetching ${specifier} with npm`;
  onProgress({ stage, done: 0, total: null });
  const child = spawn(program, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], shell: isWindows });
  const stop = (): void => void child.kill();
  signal?.addEventListener('abort', stop);
  const timer = setInterval(() => {
    void arriving().then((done) => {
      if (done > smallest) onProgress({ stage, done: Math.min(done, bytes), total: bytes, unit: 'bytes' });
    });
  }, millisecondsBetween);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-2000);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        if (signal?.aborted) reject(signal.reason as Error);
        else if (code === 0) resolve();
        else if (complaint.includes('ENOSPC')) {
          reject(Object.assign(new Error('the disk is full'), { code: 'ENOSPC' }));
        } else reject(new Error(firstLine(complaint) ?? `npm ended with ${code}`));
      });
    });
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
}

const isWindows = process.platform === 'win32';

/** Under Electron we are no Node that could run npm's script; npm says which one runs it. */
function npmCommand(): readonly [string, ...string[]] {
  const script = process.env['npm_execpath'];
  const node = process.env['npm_node_execpath'] ?? (process.versions['electron'] ? undefined : process.execPath);
  return script?.endsWith('.js') && node !== undefined ? [node, script] : ['npm'];
}

/** Bytes of what npm is fetching now: in its cache each download grows as a file of its own until it is whole. */
async function watchArrivals(program: string, first: readonly string[]): Promise<() => Promise<number>> {
  const { stdout } = await promisify(execFile)(program, [...first, 'config', 'get', 'cache'], {
    shell: isWindows,
  }).catch(() => ({ stdout: '' }));
  const folder = path.join(stdout.trim(), '_cacache', 'tmp');
  const list = (): Promise<readonly string[]> =>
    (stdout === '' ? Promise.resolve([]) : readdir(folder)).catch(() => []);
  const earlier = new Set(await list());
  return async () => {
    const names = (await list()).filter((name) => !earlier.has(name));
    const sizes = await Promise.all(
      names.map((name) =>
        stat(path.join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return Math.max(0, ...sizes);
  };
}

/** npm's own summary of what went wrong: `npm error code E404` and the like say less than the line after it. */
function firstLine(complaint: string): string | undefined {
  const lines = complaint.split('\n').map((line) => line.replace(/^npm error /, '').trim());
  return lines.find((line) => line !== '' && !/^(npm warn|code |errno |syscall )/.test(line));
}
