import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { baselinesFolder } from '../excerpts.ts';

/** SHA-256 of bytes that must stay what they are, by what they are of. */
export type Checksums = Readonly<Record<string, string>>;

/** As they are stored: several where processors differ in them, whatever is pinned. */
export type StoredChecksums = Readonly<Record<string, string | readonly string[]>>;

/** What test/native/same-bytes/measure.ts prints. */
export interface SameBytes {
  /** Bits depend on it. */
  readonly libtorch: string;
  readonly recipes: Readonly<Record<string, Checksums>>;
  readonly catalogue: Readonly<Record<string, Checksums>>;
}

export interface StoredSameBytes {
  readonly libtorch: string;
  readonly recipes: Readonly<Record<string, StoredChecksums>>;
  readonly catalogue: Readonly<Record<string, StoredChecksums>>;
}

/** What is stored, with the measured one of several that it may be. */
export function expectedBytes(stored: StoredChecksums, measured: Checksums | undefined): StoredChecksums {
  const one = (name: string, value: string | readonly string[]): string | readonly string[] => {
    const found = measured?.[name];
    return typeof value !== 'string' && found !== undefined && value.includes(found) ? found : value;
  };
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, one(name, value)]));
}

export const sameBytesFile = path.join(baselinesFolder, 'same-bytes.json');

/**
 * The last bits of a sum depend on the instructions that it is computed with. These make libtorch and the libraries
 * under it use those that every x86-64 processor since 2008 has: ATen, oneDNN, MKL, and the C library's mathematics,
 * which chooses by FMA. The engine's own kernels choose between AVX2 and SSE2 when they are loaded, which nothing can
 * change; none of them uses FMA or changes the order of a sum, so both give the same bits. Two things nothing pins, so
 * some entries have several checksums, those of the processors met so far: how the libraries divide a product among the
 * processor's caches (mnist-cgan on AMD's family 25, with 32 KiB of first cache for each core), and MKL's square roots
 * of vectors, which are not always the nearest number on an Intel processor of family 6, model 207 (Adagrad, LAMB,
 * RMSprop and what else takes them in libtorch). The engine of the commit before the redesign, b887725, gave on AMD's
 * the same weights as that after it, byte for byte.
 */
const pinned = {
  ATEN_CPU_CAPABILITY: 'default',
  ONEDNN_MAX_CPU_ISA: 'SSE41',
  MKL_CBWR: 'COMPATIBLE',
  GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F',
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
};

/** Only there the instructions above exist. */
export const isMeasured = process.platform === 'linux' && process.arch === 'x64';

/** Measures in a process of its own, in which the instructions are pinned. Takes most of a minute. */
export async function measureSameBytes(): Promise<SameBytes> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'measure.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...pinned },
  });
  const [written, complaints]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => written.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`measure.ts ended with ${code}: ${Buffer.concat(complaints).toString()}`);
  return JSON.parse(Buffer.concat(written).toString()) as SameBytes;
}

export async function readSameBytes(): Promise<StoredSameBytes> {
  return JSON.parse(await readFile(sameBytesFile, 'utf8')) as StoredSameBytes;
}

export async function writeSameBytes(measured: SameBytes): Promise<void> {
  await writeFile(sameBytesFile, `${JSON.stringify(measured, null, 2)}\n`);
}
