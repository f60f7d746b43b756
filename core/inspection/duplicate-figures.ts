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
  readonly toldOf: (sample: number) => string | number;
  /** Null of a regression. */
  readonly labelOf: (sample: number) => number | null;
}

export function duplicateFigures(found: readonly FoundGroup[], samples: NumberedSamples): DuplicateFigures {
  const isTest = (sample: number): boolean => sample >= samples.trainSamples;
  const rated = found.map((group) => {
    const { members } = group;
    const told = samples.toldOf(members[0]!);
    return {
      group,
      isContradictory: members.some((member) => samples.toldOf(member) !== told),
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
    testInTrain: testInTrain(found, samples.trainSamples),
    repeated: { train: repeated.train.size, test: repeated.test.size },
  };
}

/** Test samples that are in a group with a training sample. */
export function testInTrain(found: readonly FoundGroup[], trainSamples: number): number {
  const across = found.filter(({ members }) => members[0]! < trainSamples);
  return new Set(across.flatMap(({ members }) => members.filter((member) => member >= trainSamples))).size;
}

/** The first ones, and the last, which is a test sample where any is. */
function shown(members: readonly number[]): readonly number[] {
  return members.length <= mostMembers ? members : [...members.slice(0, mostMembers - 1), members.at(-1)!];
}
