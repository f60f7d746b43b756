import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import { BrokenDownload, bytesHere, download } from '../../../main/datasets/download.ts';
import type { Progress } from '../../../main/datasets/progress.ts';
import { serveFiles } from './file-server.ts';
import type { FileServer } from './file-server.ts';

const content = randomBytes(1_000_000);
const half = 500_000;
const fromTheMiddle = /^GET \/set\.bin bytes=[1-9]\d*-$/;

let folder: string;
let file: string;
let servers: FileServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  file = path.join(folder, 'set.bin');
});
afterEach(async () => {
  for (const server of servers) await server.close();
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

async function serve(options: Parameters<typeof serveFiles>[1]): Promise<FileServer> {
  const server = await serveFiles(new Map([['set.bin', content]]), { breaksAfter: half, ...options });
  servers.push(server);
  return server;
}

function fetchIt(server: FileServer, signal?: AbortSignal, reports: Progress[] = []): Promise<void> {
  return download(`${server.address}/set.bin`, file, { onProgress: (report) => reports.push(report), signal });
}

async function expectWhole(): Promise<void> {
  expect((await readFile(file)).equals(content)).toBe(true);
  expect(await readdir(folder)).toEqual(['set.bin']);
}

describe('a download', () => {
  it('tells its bytes up to the last', async () => {
    const reports: Progress[] = [];
    await fetchIt(await serve({ knowsRanges: true }), undefined, reports);
    await expectWhole();
    const size = content.length;
    expect(reports.at(-1)).toEqual({ stage: 'fetching set.bin', done: size, total: size, unit: 'bytes' });
  });

  it('that is broken off half way goes on where it stopped', async () => {
    const server = await serve({ knowsRanges: true, breaks: 1 });
    await fetchIt(server);
    await expectWhole();
    expect(server.asked).toEqual(['GET /set.bin', expect.stringMatching(fromTheMiddle)]);
  });

  it('begins again where the server cannot go on, and says so', async () => {
    const server = await serve({ knowsRanges: false, breaks: 1 });
    const reports: Progress[] = [];
    await fetchIt(server, undefined, reports);
    await expectWhole();
    expect(server.asked).toEqual(['GET /set.bin', expect.stringMatching(fromTheMiddle)]);
    expect(reports.at(-1)?.stage).toContain('from the beginning');
  });

  it('that breaks off again and again keeps what came, and another goes on there', async () => {
    const reliable = await serve({ knowsRanges: true });
    reliable.breaks = 5;
    // Five answers of 100,000 bytes each.
    Object.assign(reliable, { breaksAfter: 100_000 });
    await expect(fetchIt(reliable)).rejects.toThrow(BrokenDownload);
    const kept = await bytesHere(file);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThanOrEqual(half);
    await fetchIt(reliable);
    await expectWhole();
    expect(reliable.asked.at(-1)).toBe(`GET /set.bin bytes=${kept}-`);
  });

  it('that is cancelled ends at once with the reason, and goes on when it is asked for again', async () => {
    const server = await serve({ knowsRanges: true });
    server.holds = true;
    const controller = new AbortController();
    const reason = new FailureError({ code: 'cancelled', message: 'enough' });
    const fetching = download(`${server.address}/set.bin`, file, {
      onProgress: () => controller.abort(reason),
      signal: controller.signal,
    });
    await expect(fetching).rejects.toBe(reason);
    expect((await readdir(folder)).sort()).toEqual(['set.bin.part', 'set.bin.part.json']);
    const kept = await bytesHere(file);
    server.holds = false;
    await fetchIt(server);
    await expectWhole();
    expect(server.asked.at(-1)).toBe(`GET /set.bin bytes=${kept}-`);
  });

  it('does not go on with another state of the file', async () => {
    const files = new Map([['set.bin', content]]);
    const server = await serveFiles(files, { knowsRanges: true, breaks: 5, breaksAfter: 1000 });
    servers.push(server);
    await expect(fetchIt(server)).rejects.toThrow(BrokenDownload);
    const changed = Buffer.from(content);
    changed[0] = (changed[0]! + 1) % 256;
    files.set('set.bin', changed);
    await fetchIt(server);
    expect(server.asked.at(-1)).toMatch(fromTheMiddle);
    expect((await readFile(file)).equals(changed)).toBe(true);
  });

  it('of an address where nothing answers, or no such file is, says so and leaves nothing', async () => {
    const server = await serve({ knowsRanges: true });
    const none = `${server.address}/none.bin`;
    await expect(download(none, file, { onProgress: () => undefined })).rejects.toThrow(
      `${none} responded with status 404`,
    );
    await server.close();
    servers = [];
    await expect(fetchIt(server)).rejects.toThrow('cannot be reached (ECONNREFUSED)');
    expect(await readdir(folder)).toEqual([]);
  });
});
