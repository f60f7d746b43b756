import { createHash } from 'node:crypto';
import type { FoundGroup } from '../../../core/inspection/duplicate-figures.ts';

/** The same for samples that are equal to the byte. */
export function digestOf({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('base64');
}

/** Groups of samples with the same digest; samples are numbered in the order of the digests. */
export function equalSamples(digests: Iterable<string>): readonly FoundGroup[] {
  const byDigest = new Map<string, number[]>();
  let sample = 0;
  for (const digest of digests) {
    const same = byDigest.get(digest);
    if (same === undefined) byDigest.set(digest, [sample]);
    else same.push(sample);
    sample += 1;
  }
  return [...byDigest.values()].filter(({ length }) => length > 1).map((members) => ({ members, correlation: 1 }));
}
