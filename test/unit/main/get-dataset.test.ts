import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import { whenChecked } from '../../../main/datasets/checked.ts';
import { folderOf } from '../../../main/datasets/datasets.ts';
import { discardKept, getDataset, keptBytes } from '../../../main/datasets/get-dataset.ts';
import { knownDataset } from '../../../main/datasets/known-datasets.ts';
import type { KnownDataset } from '../../../main/datasets/known-datasets.ts';
import type { Progress } from '../../../main/datasets/progress.ts';
import { serveFiles } from './file-server.ts';
import type { FileServer } from './file-server.ts';

/** A small data set at a site of its own: the first digits of MNIST, gzipped IDX files. */
const names = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

const repository = path.resolve(import.meta.dirname, '../../..');
/** A mount of our own, seen by one process alone, needs the rights for it. */
const canMount = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

let cache: string;
let server: FileServer;
let known: KnownDataset;
const before = process.env['TORCHWRIGHT_CACHE'];

beforeEach(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_CACHE'] = cache;
  const mnist = knownDataset('mnist')!;
  const from = (await folderOf(mnist))!;
  const files = new Map<string, Buffer>();
  const sha256: Record<string, string> = {};
  for (const name of names) {
    const content = (await readFile(path.join(from, name))).subarray(0, 400_000);
    sha256[name] = createHash('sha256').update(content).digest('hex');
    files.set(`${name}.gz`, await promisify(gzip)(content));
  }
  server = await serveFiles(files, { knowsRanges: true, breaksAfter: 5000 });
  const downloads = [...files].map(([name, { length }]) => ({ url: `${server.address}/${name}`, bytes: length }));
  known = { ...mnist, name: 'digits', title: 'Some digits', sha256, downloads };
});
afterEach(async () => {
  await server.close();
  if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
  else process.env['TORCHWRIGHT_CACHE'] = before;
  await rm(cache, { recursive: true, force: true });
});

async function get(signal?: AbortSignal, onProgress: (progress: Progress) => void = () => undefined): Promise<string> {
  return getDataset(known, { onProgress, signal });
}

async function failureIn(work: Promise<unknown>): Promise<{ code: string; message: string; advice?: string }> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw new Error(`expected a failure, got ${String(error)}`);
  return error.failure;
}

/** All files below the cache, locks left out. */
async function filesHere(): Promise<readonly string[]> {
  const entries = await readdir(cache, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.lock')).map(({ name }) => name);
}

function cancelled(): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const controller = new AbortController();
  const reason = new FailureError({ code: 'cancelled', message: 'enough' });
  return { signal: controller.signal, cancel: () => controller.abort(reason) };
}

describe('fetching a data set', () => {
  it('puts it in place whole and right, and remembers that it was checked', async () => {
    const stages = new Set<string>();
    const folder = await get(undefined, ({ stage }) => stages.add(stage));
    expect([...stages]).toEqual([...names.map((name) => `fetching ${name}.gz`), 'checking digits']);
    expect((await readdir(folder)).sort()).toEqual(names.map((name) => `${name}.gz`).sort());
    expect(await readdir(path.join(cache, 'downloads'))).toEqual(['digits.lock']);
    const when = await whenChecked(known, folder);
    expect(Date.now() - when!).toBeLessThan(60_000);
    await writeFile(path.join(folder, `${names[1]}.gz`), 'another');
    expect(await whenChecked(known, folder)).toBeNull();
    expect((await failureIn(get())).code).toBe('badData');
  });

  it('that is cancelled leaves nothing in place, keeps what came, and goes on there', async () => {
    server.holds = true;
    const { signal, cancel } = cancelled();
    const failure = await failureIn(get(signal, ({ done }) => done > 0 && cancel()));
    expect(failure.code).toBe('cancelled');
    expect(await folderOf(known)).toBeNull();
    const kept = await keptBytes(known);
    expect(kept).toBeGreaterThan(0);
    expect(await filesHere()).toEqual([`${names[0]}.gz.part`, `${names[0]}.gz.part.json`]);
    server.holds = false;
    await get();
    expect(server.asked[1]).toBe(`GET /${names[0]}.gz bytes=${kept}-`);
    expect(await keptBytes(known)).toBe(0);
  });

  it('that was broken off can be thrown away instead', async () => {
    server.breaks = 1_000;
    const failure = await failureIn(get());
    expect(failure.code).toBe('unavailable');
    expect(failure.advice).toContain('Download again');
    expect(await keptBytes(known)).toBeGreaterThan(0);
    await discardKept(known);
    expect(await filesHere()).toEqual([]);
  });

  it('of files that are not what they should be ends with the file’s name and keeps nothing of them', async () => {
    known = { ...known, sha256: { ...known.sha256, [names[3]!]: 'f'.repeat(64) } };
    const failure = await failureIn(get());
    expect(failure.code).toBe('badData');
    expect(failure.message).toContain(names[3]!);
    expect(await filesHere()).toEqual([]);
  });

  it('without a network ends with a sentence', async () => {
    await server.close();
    const failure = await failureIn(get());
    expect(failure.code).toBe('unavailable');
    expect(failure.message).toMatch(/Some digits.*ECONNREFUSED/);
    expect(await filesHere()).toEqual([]);
  });

  it('is refused before the first byte where the disk has too little room', async () => {
    known = { ...known, bytes: 1e18 };
    const failure = await failureIn(get());
    expect(failure.code).toBe('noSpace');
    expect(failure.message).toContain('Some digits');
    expect(server.asked).toEqual([]);
  });

  it.runIf(canMount)('on a disk that fills up ends with a sentence and gives the room back', async () => {
    const program = `
      const { getDataset } = await import('./main/datasets/get-dataset.ts');
      const { readdir } = await import('node:fs/promises');
      const known = JSON.parse(process.argv[1]);
      const failure = await getDataset(known, { onProgress: () => {} }).catch(({ failure }) => failure);
      const left = await readdir(process.env.TORCHWRIGHT_CACHE, { recursive: true });
      console.log(JSON.stringify({ failure, left }));
    `;
    // It has room for what is said to come, and not for what comes.
    const small = { ...known, bytes: 1, downloads: known.downloads.map(({ url }) => ({ url, bytes: 1 })) };
    const child = spawn(
      'unshare',
      ['--mount', 'sh', '-c', 'mount -t tmpfs -o size=48k tmpfs "$0" && exec "$@"', cache].concat(
        ...[process.execPath, '--input-type=module', '-e', program, JSON.stringify(small)],
      ),
      { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => child.on('close', resolve));
    const { failure, left } = JSON.parse(said) as { failure: { code: string; message: string }; left: string[] };
    expect(failure.code).toBe('noSpace');
    expect(failure.message).toContain('The disk is full');
    expect(left.sort()).toEqual(['datasets', 'downloads', path.join('downloads', 'digits.lock')]);
  });

  it('by several at once is done once', async () => {
    const folders = await Promise.all([get(), get(), get()]);
    expect(new Set(folders).size).toBe(1);
    expect(server.asked).toHaveLength(names.length);
    expect(await readdir(path.join(cache, 'datasets'))).toEqual(['digits']);
  });

  it('waits for another process that does so, and does it when that one is killed', async () => {
    const program = `
      const { getDataset } = await import('./main/datasets/get-dataset.ts');
      await getDataset(JSON.parse(process.argv[1]), { onProgress: ({ done }) => done > 0 && console.log(done) });
    `;
    server.holds = true;
    const other = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(known)], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const stages: string[] = [];
    const ours = get(undefined, ({ stage }) => stages.push(stage));
    await expect.poll(() => stages.at(-1)).toContain('another Torchwright');
    server.holds = false;
    other.kill('SIGKILL');
    await ours;
    expect(server.asked[1]).toMatch(/bytes=[1-9]/);
    expect(await readdir(path.join(cache, 'datasets'))).toEqual(['digits']);
  });
});
