import { open } from 'node:fs/promises';
import { withFile } from '../failures.ts';

/** Writes a file whose parts come one after another, and waits until they are on the disk. */
export async function writeParts(file: string, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
  await withFile(file, async () => {
    const handle = await open(file, 'w');
    try {
      for await (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}
