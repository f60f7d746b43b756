import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { fail, withFile } from '../../failures.ts';

export type TableEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** As a report names them. */
export const encodingTitles: Readonly<Record<TableEncoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16, big-endian',
  'windows-1252': 'Windows-1252 (Western European, also known as Latin-1)',
};

const startBytes = 1 << 16;

/**
 * How the text of a file is written: by its byte order mark, by where its zero bytes lie, or by whether all of it is
 * UTF-8. Throws a FailureError for what is no text.
 */
export async function encodingOf(file: string): Promise<TableEncoding> {
  const start = await withFile(file, () => startOf(file));
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start.includes(0)) return wideEncoding(start) ?? fail('badData', `${file} is not a text file.`, { at: file });
  return (await isUtf8(file)) ? 'utf-8' : 'windows-1252';
}

/** The beginning of a file as text. A character that is cut off at its end is dropped. */
export async function startOfText(file: string, encoding: TableEncoding): Promise<string> {
  const start = await withFile(file, () => startOf(file));
  return new TextDecoder(encoding).decode(start, { stream: true });
}

/** The text of a file, piece by piece, without its byte order mark. */
export async function* decodedText(file: string, encoding: TableEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of createReadStream(file) as AsyncIterable<Uint8Array>) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
  const end = decoder.decode();
  if (end !== '') yield end;
}

async function startOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(startBytes), 0, startBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** UTF-16 without a mark: most characters of a table are ASCII, whose upper byte is 0. Null: neither. */
function wideEncoding(start: Uint8Array): TableEncoding | null {
  const pairs = Math.floor(start.length / 2);
  let [first, second] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    if (start[2 * pair] === 0) first++;
    if (start[2 * pair + 1] === 0) second++;
  }
  if (second > 0.7 * pairs && first === 0) return 'utf-16le';
  if (first > 0.7 * pairs && second === 0) return 'utf-16be';
  return null;
}

async function isUtf8(file: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of createReadStream(file) as AsyncIterable<Uint8Array>)
      decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
