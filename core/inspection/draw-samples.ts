import { drawsFrom, shuffle } from '../random.ts';

/** For each class as many of its samples as are wanted, at random: the same for a seed. Of a regression one list of all. */
export function drawSamples(
  { samples, labels, classes }: { readonly samples: number; readonly labels: Int32Array; readonly classes: number },
  wanted: number,
  seed: number,
): readonly Int32Array[] {
  const draw = drawsFrom(seed);
  return samplesOfClasses(samples, labels, classes).map((members) => {
    shuffle(members, draw);
    return members.slice(0, wanted);
  });
}

function samplesOfClasses(samples: number, labels: Int32Array, classes: number): readonly Int32Array[] {
  if (classes === 0) return [Int32Array.from({ length: samples }, (_, sample) => sample)];
  const members = Array.from({ length: classes }, (): number[] => []);
  for (const [sample, label] of labels.entries()) members[label]?.push(sample);
  return members.map((each) => Int32Array.from(each));
}
