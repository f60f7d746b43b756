import type { DuplicateFigures, DuplicateGroup, DuplicateMember } from '../contract/inspection.ts';

/** Groups that are kept, and members of each. */
const mostGroups = 400;
const mostMembers = 12;

/** Samples that are equal, or alike. Training samples are numbered first, then those for testing. */
export interface FoundGroup {
  /** In rising order, two at least. */
  readonly members: readonly number[];
  readonly correlation: number;
}

export interface NumberedSamples {
  readonly trainSamples: number;
  /** Label or target of a sample: the same for the same ones. */
  readonly targetOf: (sample: number) => string | number;
  /** Null of a regression. */
  readonly labelOf: (sample: number) => number | null;
}

export function duplicateFigures(found: readonly FoundGroup[], samples: NumberedSamples): DuplicateFigures {
  const isTest = (sample: number): boolean => sample >= samples.trainSamples;
  const rated = found.map((group) => {
    const { members } = group;
    const target = samples.targetOf(members[0]!);
    return {
      group,
      isContradictory: members.some((member) => samples.targetOf(member) !== target),
      isAcross: !isTest(members[0]!) && isTest(members.at(-1)!),
    };
  });
  const repeated = { train: new Set<number>(), test: new Set<number>() };
  for (const { group } of rated) {
    for (const member of group.members.filter(isTest).slice(1)) repeated.test.add(member);
    for (const member of group.members.slice(1)) if (!isTest(member)) repeated.train.add(member);
  }
  rated.sort(
    (one, other) =>
      Number(other.isContradictory) - Number(one.isContradictory) ||
      Number(other.isAcross) - Number(one.isAcross) ||
      other.group.correlation - one.group.correlation,
  );
  const inBoth = samplesInBoth(found, samples);
  const memberOf = (sample: number): DuplicateMember => ({
    split: isTest(sample) ? 'test' : 'train',
    index: isTest(sample) ? sample - samples.trainSamples : sample,
    label: samples.labelOf(sample),
  });
  return {
    groups: rated.slice(0, mostGroups).map(({ group, isContradictory }): DuplicateGroup => {
      const { members, correlation } = group;
      return { members: shown(members).map(memberOf), size: members.length, correlation, isContradictory };
    }),
    total: rated.length,
    contradictory: rated.filter(({ isContradictory }) => isContradictory).length,
    testInTrain: inBoth.identical.length + inBoth.contradictory.length,
    repeated: { train: repeated.train.size, test: repeated.test.size },
  };
}

/** A test sample and a training sample of one group. */
export interface SharedSample {
  readonly test: number;
  readonly train: number;
}

/** Test samples that are in a group with a training sample, each once. */
export interface SamplesInBoth {
  /** With the same label or target as one of the training samples. */
  readonly identical: readonly SharedSample[];
  /** All training samples of the group have another label or target. */
  readonly contradictory: readonly SharedSample[];
}

export function samplesInBoth(
  found: readonly FoundGroup[],
  { trainSamples, targetOf }: Pick<NumberedSamples, 'trainSamples' | 'targetOf'>,
): SamplesInBoth {
  const identical = new Map<number, number>();
  const contradictory = new Map<number, number>();
  for (const { members } of found) {
    const byTarget = new Map<string | number, number>();
    for (const member of members) {
      const target = targetOf(member);
      if (member < trainSamples) {
        if (!byTarget.has(target)) byTarget.set(target, member);
        continue;
      }
      const same = byTarget.get(target);
      if (same !== undefined) identical.set(member, identical.get(member) ?? same);
      else if (byTarget.size > 0) contradictory.set(member, contradictory.get(member) ?? members[0]!);
    }
  }
  const pairsOf = (pairs: ReadonlyMap<number, number>): SharedSample[] =>
    [...pairs].map(([test, train]) => ({ test, train })).sort((one, other) => one.test - other.test);
  return {
    identical: pairsOf(identical),
    contradictory: pairsOf(contradictory).filter(({ test }) => !identical.has(test)),
  };
}

/** The first ones, and the last, which is a test sample where any is. */
function shown(members: readonly number[]): readonly number[] {
  return members.length <= mostMembers ? members : [...members.slice(0, mostMembers - 1), members.at(-1)!];
}
