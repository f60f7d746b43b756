// Takes chosen files out of a zip archive, streaming: wheels and libtorch archives are hundreds of megabytes. What an
// archive says about itself is not trusted: names that lead out of the folder, links and wrong checksums are refused.

import { createWriteStream } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

const smallEntry = 1 << 20;

/**
 * `choose(name)` gives the path inside `folder` to write an entry to, or null to leave it out. `onProgress` gets the
 * bytes written so far and in all. Returns the number of files written.
 */
export async function unzip(archive, folder, choose, onProgress = () => {}) {
  const file = await open(archive, 'r');
  // Every entry is a stream over the one handle.
  file.setMaxListeners(0);
  try {
    const chosen = [];
    for (const entry of await readEntries(file)) {
      const place = entry.name.endsWith('/') ? null : choose(entry.name);
      if (place === null) continue;
      if (entry.isLink) throw new Error(`${entry.name} is a link, which is not accepted`);
      chosen.push({ ...entry, target: resolveInside(folder, place) });
    }
    const total = chosen.reduce((sum, entry) => sum + entry.size, 0);
    let written = 0;
    for (const entry of chosen) {
      await mkdir(path.dirname(entry.target), { recursive: true });
      await writeEntry(file, entry, (bytes) => onProgress((written += bytes), total));
    }
    return chosen.length;
  } finally {
    await file.close();
  }
}

export async function readZipText(archive, choose) {
  const file = await open(archive, 'r');
  try {
    const entry = (await readEntries(file)).find(({ name }) => choose(name));
    if (!entry) return null;
    return inflateSmall(entry, await readAt(file, await dataStart(file, entry), entry.packedSize)).toString('utf8');
  } finally {
    await file.close();
  }
}

function resolveInside(folder, place) {
  const target = path.resolve(folder, place);
  if (place.includes('\0') || place.includes('\\') || !target.startsWith(path.resolve(folder) + path.sep)) {
    throw new Error(`${JSON.stringify(place)} leads out of the folder`);
  }
  return target;
}

async function writeEntry(file, entry, onBytes) {
  const start = await dataStart(file, entry);
  if (entry.size <= smallEntry && entry.packedSize <= smallEntry) {
    const data = inflateSmall(entry, await readAt(file, start, entry.packedSize));
    check(entry, data.length, crc32(data));
    await writeFile(entry.target, data);
    onBytes(data.length);
    return;
  }
  let size = 0;
  let sum = 0;
  const packed = file.createReadStream({ start, end: start + entry.packedSize - 1, autoClose: false });
  const output = createWriteStream(entry.target);
  await pipeline(
    packed,
    entry.method === 0 ? new PassThrough() : createInflateRaw(),
    async function* measure(chunks) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > entry.size) throw new Error(`${entry.name} is longer than the archive says`);
        sum = crc32(chunk, sum);
        onBytes(chunk.length);
        yield chunk;
      }
    },
    output,
  );
  check(entry, size, sum);
}

function inflateSmall(entry, packed) {
  return entry.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: smallEntry });
}

function check(entry, size, sum) {
  if (size !== entry.size || sum !== entry.sum) throw new Error(`${entry.name} is damaged: its checksum does not fit`);
}

// The format: PKWARE's APPNOTE. The end record, found from the end, leads to the central directory; each of its
// records to a local header with the data after it. 0xffffffff marks a number too large for 32 bits (zip64).

async function readEntries(file) {
  const { size: length } = await file.stat();
  const tail = await readAt(file, Math.max(0, length - 65_557), Math.min(length, 65_557));
  const at = tail.lastIndexOf(Buffer.from('PK\x05\x06'));
  if (at < 0) throw new Error('it is no zip archive, or not whole');
  let directorySize = tail.readUInt32LE(at + 12);
  let directoryStart = tail.readUInt32LE(at + 16);
  if (directoryStart === 0xffffffff || directorySize === 0xffffffff) {
    const locator = tail.subarray(at - 20, at);
    const end = await readAt(file, Number(locator.readBigUInt64LE(8)), 56);
    directorySize = Number(end.readBigUInt64LE(40));
    directoryStart = Number(end.readBigUInt64LE(48));
  }
  if (directoryStart + directorySize > length) throw new Error('it is not whole');
  const directory = await readAt(file, directoryStart, directorySize);
  const entries = [];
  for (let position = 0; position + 46 <= directory.length && directory.readUInt32LE(position) === 0x02014b50;) {
    const nameLength = directory.readUInt16LE(position + 28);
    const extraLength = directory.readUInt16LE(position + 30);
    const commentLength = directory.readUInt16LE(position + 32);
    entries.push(readRecord(directory, position, nameLength, extraLength));
    position += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function readRecord(directory, position, nameLength, extraLength) {
  const nameStart = position + 46;
  const entry = {
    name: directory.toString('utf8', nameStart, nameStart + nameLength),
    method: directory.readUInt16LE(position + 10),
    sum: directory.readUInt32LE(position + 16),
    packedSize: directory.readUInt32LE(position + 20),
    size: directory.readUInt32LE(position + 24),
    start: directory.readUInt32LE(position + 42),
    // The upper half of the external attributes is the Unix mode; 0o120000 is a symbolic link.
    isLink: ((directory.readUInt32LE(position + 38) >>> 16) & 0o170000) === 0o120000,
  };
  if (entry.method !== 0 && entry.method !== 8) throw new Error(`${entry.name} is packed in an unknown way`);
  const extra = directory.subarray(nameStart + nameLength, nameStart + nameLength + extraLength);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let value = at + 4;
    for (const field of ['size', 'packedSize', 'start']) {
      if (entry[field] !== 0xffffffff) continue;
      entry[field] = Number(extra.readBigUInt64LE(value));
      value += 8;
    }
  }
  return entry;
}

async function dataStart(file, entry) {
  const header = await readAt(file, entry.start, 30);
  if (header.readUInt32LE(0) !== 0x04034b50) throw new Error(`${entry.name} is not where the archive says`);
  return entry.start + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(file, start, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, start);
  if (bytesRead !== length) throw new Error('it is not whole');
  return buffer;
}
