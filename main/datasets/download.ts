import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Told about ten times a second; `total` is null where it is not known. */
export type OnProgress = (progress: Progress) => void;

export interface Progress {
  /** What is being done, in words: `fetching cifar-10-binary.tar.gz`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}

const connectSeconds = 8;
const stallSeconds = 30;

/** Fetches an address into a file. Gives up when nothing answers for 8 seconds, or nothing comes for 30. */
export async function download(url: string, file: string, onProgress: OnProgress): Promise<void> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error(`${url} does not answer`)), connectSeconds * 1000);
  try {
    const response = await fetch(url, { signal: abort.signal, redirect: 'follow' });
    if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
    const total = Number(response.headers.get('content-length')) || null;
    const stage = `fetching ${url.slice(url.lastIndexOf('/') + 1)}`;
    let done = 0;
    let reported = 0;
    const body = Readable.fromWeb(response.body);
    body.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(new Error(`${url} stopped sending`)), stallSeconds * 1000);
      done += chunk.length;
      if (Date.now() - reported < 100 && done !== total) return;
      reported = Date.now();
      onProgress({ stage, done, total });
    });
    await pipeline(body, createWriteStream(file), { signal: abort.signal });
  } catch (error) {
    if (abort.signal.aborted) throw abort.signal.reason;
    throw error instanceof TypeError ? new Error(`${url} cannot be reached (${reasonOf(error)})`) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** fetch says only `fetch failed`; why is in the cause. */
function reasonOf(error: TypeError): string {
  const { cause } = error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : error.message;
}
