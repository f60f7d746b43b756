import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
  /** Unix file mode; an ordinary file if left out. */
  readonly mode?: number;
  /** Checksum to claim instead of the true one. */
  readonly sum?: number;
}

const fileMode = 0o100644;

/** A zip archive as PKWARE's APPNOTE describes it, every entry deflated. */
export function makeZip(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const records: Buffer[] = [];
  let position = 0;
  for (const { name, data, mode = fileMode, sum = crc32(data) } of entries) {
    const nameBytes = Buffer.from(name);
    const packed = deflateRawSync(data);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(8, 8);
    header.writeUInt16LE(nameBytes.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(8, 10);
    record.writeUInt32LE(sum, 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(data.length, 24);
    record.writeUInt16LE(nameBytes.length, 28);
    record.writeUInt32LE((mode << 16) >>> 0, 38);
    record.writeUInt32LE(position, 42);
    bodies.push(header, nameBytes, packed);
    records.push(record, nameBytes);
    position += header.length + nameBytes.length + packed.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(position, 16);
  return Buffer.concat([...bodies, directory, end]);
}
