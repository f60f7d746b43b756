import { createHash } from 'node:crypto';
import type { BinaryLike } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export function checksumOf(bytes: BinaryLike): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function checksumOfFile(file: string): Promise<string> {
  return checksumOf(await readFile(file));
}
