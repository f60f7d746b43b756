import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { isErrorWithCode } from '../failures.ts';
import type { Follower } from './progress.ts';
import { tenASecond } from './progress.ts';

const connectSeconds = 8;
const stallSeconds = 30;
/** So often a download that breaks off is gone on with before it is given up for now. */
const mostAttempts = 5;
const millisecondsBetween = 1000;

/** A download that broke off with bytes that are kept: asked for again it goes on there. */
export class BrokenDownload extends Error {
  /** Bytes that are here. */
  readonly kept: number;

  constructor(message: string, kept: number) {
    super(message);
    this.name = 'BrokenDownload';
    this.kept = kept;
  }
}

/**
 * Fetches an address into a file, unless it is there. What came lies in `file.part` until it is whole; a download that
 * broke off or was cancelled goes on there if the server can (HTTP Range, RFC 9110, section 14), else it begins again.
 * Gives up when nothing answers for 8 seconds, or nothing comes for 30.
 */
export async function download(url: string, file: string, follower: Follower): Promise<void> {
  if ((await sizeOf(file)) !== null) return;
  for (let attempt = 1; ; attempt++) {
    let came = 0;
    try {
      await fetchRest(url, file, follower, (bytes) => (came += bytes));
      return;
    } catch (error) {
      if (follower.signal?.aborted) throw follower.signal.reason;
      if (error instanceof Refusal) throw error;
      if (isErrorWithCode(error, 'ENOSPC', 'EDQUOT')) {
        // Whoever has a full disk wants the room back.
        await forgetPart(file);
        throw error;
      }
      const reason = error instanceof Error ? error.message : String(error);
      if (came === 0 && attempt === 1) throw error;
      if (came === 0 || attempt === mostAttempts) throw new BrokenDownload(reason, await bytesHere(file));
      await wait(millisecondsBetween, undefined, { signal: follower.signal }).catch(() => undefined);
    }
  }
}

/** Bytes of a file that came so far, whole or in part. */
export async function bytesHere(file: string): Promise<number> {
  return (await sizeOf(file)) ?? (await sizeOf(partOf(file))) ?? 0;
}

/** The server answered, with something else than the file. */
class Refusal extends Error {}

async function fetchRest(
  url: string,
  file: string,
  { onProgress, signal }: Follower,
  onBytes: (count: number) => void,
): Promise<void> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const part = partOf(file);
  const known = await readMark(file);
  const kept = known?.url === url ? ((await sizeOf(part)) ?? 0) : 0;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(new Error(`${url} does not respond`)), connectSeconds * 1000);
  const either = AbortSignal.any([silence.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const ask = (from: number) =>
      fetch(url, { signal: either, redirect: 'follow', headers: headersFrom(from, known?.version ?? null) });
    let response = await ask(kept);
    if (kept > 0 && (response.status === 416 || (response.status === 206 && startOf(response) !== kept))) {
      await response.body?.cancel();
      response = await ask(0);
    }
    const start = response.status === 206 ? kept : 0;
    if (!response.ok || response.body === null) throw new Refusal(`${url} responded with status ${response.status}`);
    const rest = Number(response.headers.get('content-length')) || null;
    const total = rest === null ? null : start + rest;
    await writeFile(markOf(file), JSON.stringify({ url, version: versionOf(response) }));
    const restarted = kept > 0 && start === 0 ? ' from the beginning: the server cannot resume' : '';
    const tell = tenASecond(onProgress);
    const handle = await open(part, start > 0 ? 'a' : 'w');
    let done = start;
    try {
      for await (const chunk of response.body as ReadableStream<Uint8Array>) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(new Error(`${url} stopped sending`)), stallSeconds * 1000);
        await handle.writeFile(chunk);
        done += chunk.length;
        onBytes(chunk.length);
        tell({ stage: `fetching ${name}${restarted}`, done, total, unit: 'bytes' });
      }
    } finally {
      await handle.close();
    }
    if (total !== null && done !== total) throw new Error(`the connection to ${url} was lost`);
    await rename(part, file);
    await rm(markOf(file), { force: true });
  } catch (error) {
    if (silence.signal.aborted) throw silence.signal.reason;
    throw error instanceof TypeError ? new Error(`${url} cannot be reached (${reasonOf(error)})`) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** What is packed on the way cannot be gone on with. */
function headersFrom(start: number, version: string | null): Record<string, string> {
  const plain = { 'accept-encoding': 'identity' };
  if (start === 0) return plain;
  return { ...plain, range: `bytes=${start}-`, ...(version === null ? {} : { 'if-range': version }) };
}

function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

/** What tells one state of the file at the server from another; null where it does not say. */
function versionOf({ headers }: Response): string | null {
  const tag = headers.get('etag');
  // A weak tag says only that the contents mean the same.
  return tag !== null && !tag.startsWith('W/') ? tag : headers.get('last-modified');
}

const mark = z.object({ url: z.string(), version: z.string().nullable() });
type Mark = z.infer<typeof mark>;

async function readMark(file: string): Promise<Mark | null> {
  const text = await readFile(markOf(file), 'utf8').catch(() => 'null');
  try {
    return mark.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function partOf(file: string): string {
  return `${file}.part`;
}

/** Where `file.part` comes from. */
function markOf(file: string): string {
  return `${file}.part.json`;
}

async function forgetPart(file: string): Promise<void> {
  await rm(partOf(file), { force: true });
  await rm(markOf(file), { force: true });
}

async function sizeOf(file: string): Promise<number | null> {
  return stat(file).then(
    ({ size }) => size,
    () => null,
  );
}

/** fetch says only `fetch failed`; why is in the cause. */
function reasonOf(error: TypeError): string {
  const { cause } = error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message;
}
