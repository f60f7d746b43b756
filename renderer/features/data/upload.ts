import type { FilePart } from '../../../core/contract/data.ts';
import { FailureError } from '../../../core/failure.ts';
import { workbench } from '../../app/workbench.ts';
import type { DroppedFiles, PlacedFile } from './dropped.ts';

/** Of one message; the server takes 32 MiB. */
const bytesAtOnce = 4 * 2 ** 20;
const partsAtOnce = 1000;

/** What can be data. Of all else only the name goes over, so that the report can say that it was left out. */
const useful = /(\.(png|jpe?g|webp|csv|tsv|txt|npy|npz|bin|gz)|-ubyte)$/i;

/** Brings files to the serving machine and answers with their place there. */
export async function uploadFiles(
  { name, files }: DroppedFiles,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const total = files.reduce((sum, { path, file }) => sum + (useful.test(path) ? file.size : 0), 0);
  const { upload } = await workbench.call('data.beginUpload', { name, bytes: total });
  try {
    let done = 0;
    for await (const parts of messages(files)) {
      if (signal.aborted) throw new FailureError({ code: 'cancelled', message: `${name}: cancelled.` });
      await workbench.call('data.upload', { upload, parts });
      done += parts.reduce((sum, { content }) => sum + content.length, 0);
      onProgress(done, total);
    }
    return (await workbench.call('data.finishUpload', { upload })).source;
  } catch (error) {
    await workbench.call('data.cancelUpload', { upload }).catch(() => undefined);
    throw error;
  }
}

/** Small files go together, large ones in pieces. */
async function* messages(files: readonly PlacedFile[]): AsyncGenerator<readonly FilePart[]> {
  let parts: FilePart[] = [];
  let bytes = 0;
  for (const { path, file } of files) {
    const size = useful.test(path) ? file.size : 0;
    for (let at = 0; at === 0 || at < size; at += bytesAtOnce) {
      const piece = file.slice(at, Math.min(at + bytesAtOnce, size));
      if (bytes + piece.size > bytesAtOnce || parts.length === partsAtOnce) {
        yield parts;
        parts = [];
        bytes = 0;
      }
      parts.push({ path, at, content: new Uint8Array(await piece.arrayBuffer()) });
      bytes += piece.size;
    }
  }
  if (parts.length > 0) yield parts;
}
