import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FailureError } from '../../../../core/failure.ts';
import { ArrayWriter } from '../../../../main/datasets/import/array-writer.ts';
import { npyRows, openNpy } from '../../../../main/datasets/import/npy-file.ts';
import { formatNpyHeader, parseNpyHeader } from '../../../../main/datasets/import/npy-header.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As NumPy writes it, version 1. */
function numpyHeader(dictionary: string): Buffer {
  const text = `${dictionary}\n`;
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0, 0]);
  head.writeUInt16LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text, 'latin1')]);
}

async function rowsOf(name: string, bytes: Uint8Array): Promise<number[][]> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const rows: number[][] = [];
  for await (const row of npyRows(await openNpy(file))) rows.push([...row]);
  return rows;
}

async function refusal(name: string, bytes: Uint8Array): Promise<string> {
  const thrown: unknown = await rowsOf(name, bytes).catch((error: unknown) => error);
  if (!(thrown instanceof FailureError)) throw new Error(`no failure: ${String(thrown)}`);
  return thrown.failure.message;
}

describe('the header', () => {
  it('that is written is read', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom('|u1', '<i8', '<f4'), shapes, (type, shape) => {
        const header = parseNpyHeader(formatNpyHeader(type, shape), 'a.npy');
        expect(header.shape).toEqual(shape);
        expect(header.isFortran).toBe(false);
        expect(header.dataAt % 64).toBe(0);
      }),
    );
  });

  it('of any bytes is read or refused with a sentence', () => {
    const start = fc.uint8Array({ maxLength: 80 });
    const dictionary = fc.string({ maxLength: 80 }).map((text) => new Uint8Array(numpyHeader(`{${text}}`)));
    fc.assert(
      fc.property(fc.oneof(start, dictionary), (bytes) => {
        try {
          parseNpyHeader(bytes, 'a.npy');
        } catch (error) {
          expect(error).toBeInstanceOf(FailureError);
          expect((error as FailureError).failure.message).toMatch(/^a\.npy: /);
        }
      }),
    );
  });
});

describe('an array', () => {
  it('is read row by row whatever its numbers are', async () => {
    const shape = "'fortran_order': False, 'shape': (2, 2), }";
    const big = Buffer.alloc(8);
    [1, -2, 300, 4].forEach((value, index) => big.writeInt16BE(value, 2 * index));
    const rows = await rowsOf('big.npy', Buffer.concat([numpyHeader(`{'descr': '>i2', ${shape}`), big]));
    expect(rows).toEqual([
      [1, -2],
      [300, 4],
    ]);
    // 1, -2, the smallest number above 0 and infinity, of half precision.
    const half = Buffer.from(new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7c00]).buffer);
    expect(await rowsOf('half.npy', Buffer.concat([numpyHeader(`{'descr': '<f2', ${shape}`), half]))).toEqual([
      [1, -2],
      [2 ** -24, Infinity],
    ]);
  });

  it('that lies column by column is turned', async () => {
    const header = numpyHeader("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }");
    // Element (i, j, k) is 100 i + 10 j + k, and lies at i + 2 (j + 3 k).
    const bytes = new Uint8Array(12);
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 2; k++) bytes[i + 2 * (j + 3 * k)] = 100 * i + 10 * j + k;
    expect(await rowsOf('turned.npy', Buffer.concat([header, bytes]))).toEqual([
      [0, 1, 10, 11, 20, 21],
      [100, 101, 110, 111, 120, 121],
    ]);
  });

  it('that promises more than it holds, or what is no number, is refused', async () => {
    const of = (type: string, shape: string) =>
      numpyHeader(`{'descr': ${type}, 'fortran_order': False, 'shape': ${shape}, }`);
    expect(await refusal('a.npy', of("'<f8'", '(1000000000, 1000000000)'))).toContain('is impossible');
    expect(await refusal('b.npy', of("'<f8'", '(10, 10)'))).toContain('its header declares');
    expect(await refusal('c.npy', of("'|O'", '(10,)'))).toContain('|O');
    expect(await refusal('g.npy', of("'<U3'", '(10,)'))).toContain('<U3');
    expect(await refusal('d.npy', of("[('x', '<f4')]", '(10,)'))).toContain('records');
    expect(await refusal('e.npy', of("'<f4'", '(0, 3)'))).toContain('is empty');
    expect(await refusal('f.npy', new TextEncoder().encode('not an array'))).toContain('.npy file');
  });
});

it('what is written row by row is read again', async () => {
  const file = path.join(folder, 'written.npy');
  const writer = await ArrayWriter.open(file, '<f4', [3]);
  const rows = Array.from({ length: 1000 }, (_, row) => Float32Array.of(row, row / 7, -row));
  for (const row of rows) await writer.append(new Uint8Array(row.buffer));
  await writer.finish();
  const read: Float32Array[] = [];
  for await (const row of npyRows(await openNpy(file))) read.push(Float32Array.from(row));
  expect(read).toEqual(rows);
});
