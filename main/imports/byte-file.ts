import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../../core/weights/byte-source.ts';
import { fail, withFile } from '../failures.ts';

/** Of one read: the system takes no more than two gigabytes at a time. */
const bytesAtOnce = 2 ** 28;

/** Gives `work` a file as a source of ranges, and closes it afterwards. Devices, pipes and folders are refused unopened. */
export async function withByteFile<T>(file: string, work: (source: ByteSource) => Promise<T>): Promise<T> {
  const facts = await withFile(file, () => stat(file));
  if (!facts.isFile()) {
    const what = facts.isDirectory() ? 'a folder' : 'a device or a pipe';
    fail('badUsage', `${file} is ${what}; a file is needed.`, { at: file });
  }
  const handle = await withFile(file, () => open(file, 'r'));
  try {
    return await work({ size: facts.size, read: (start, end) => withFile(file, () => readRange(handle, start, end)) });
  } finally {
    await handle.close();
  }
}

async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.byteLength;) {
    const length = Math.min(bytesAtOnce, bytes.byteLength - done);
    const { bytesRead } = await handle.read(bytes, done, length, start + done);
    if (bytesRead === 0) fail('badData', 'The file was shortened while it was being read.');
    done += bytesRead;
  }
  return bytes;
}
