import { drawsFrom, shuffle } from '../../../core/random.ts';

/**
 * Which samples are kept for testing, as ones: the fraction of every class that comes nearest to `testFraction`, at
 * least one and never all of a class of two or more. `labels` null: of all samples together.
 */
export function chooseTest(
  samples: number,
  labels: Int32Array | null,
  { testFraction, seed }: { readonly testFraction: number; readonly seed: number },
): Uint8Array {
  const draw = drawsFrom(seed);
  const isTest = new Uint8Array(samples);
  for (const members of groups(samples, labels)) {
    shuffle(members, draw);
    const wanted = Math.round(members.length * testFraction);
    const count = members.length < 2 ? 0 : Math.min(Math.max(wanted, 1), members.length - 1);
    for (const sample of members.subarray(0, count)) isTest[sample] = 1;
  }
  return isTest;
}

function groups(samples: number, labels: Int32Array | null): readonly Int32Array[] {
  if (labels === null) return [Int32Array.from({ length: samples }, (_, sample) => sample)];
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ordered = [...counts.keys()].sort((one, other) => one - other);
  const members = new Map(ordered.map((label) => [label, new Int32Array(counts.get(label)!)]));
  const filled = new Map<number, number>();
  for (const [sample, label] of labels.entries()) {
    const place = filled.get(label) ?? 0;
    members.get(label)![place] = sample;
    filled.set(label, place + 1);
  }
  return [...members.values()];
}
