import { splitRole, wordsOf } from './split-role.ts';
import type { SplitRole } from './split-role.ts';

interface Pair {
  readonly inputs: string;
  readonly targets: string;
}

/** Which arrays of an archive or a folder are what, by the names that people give them. */
export interface ArrayRoles {
  readonly train: Pair;
  readonly test: Pair | null;
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

const inputNames = ['x', 'inputs', 'input', 'images', 'image', 'data', 'features'];
const targetNames = ['y', 'targets', 'target', 'labels', 'label'];

/** Null: no pair of inputs and targets for training is among the names. */
export function rolesOf(names: readonly string[]): ArrayRoles | null {
  const train = pairOf(names, 'train') ?? pairOf(names, null);
  if (train === null) return null;
  const test = pairOf(names, 'test') ?? pairOf(names, 'validation');
  const used = [train, test].flatMap((pair) => (pair === null ? [] : [pair.inputs, pair.targets]));
  return {
    train,
    test,
    leftOut: names.filter((name) => !used.includes(name)).map((name) => ({ name, reason: whyLeftOut(name, test) })),
  };
}

function pairOf(names: readonly string[], part: SplitRole | null): Pair | null {
  const inputs = named(names, inputNames, part);
  const targets = named(names, targetNames, part);
  return inputs === undefined || targets === undefined ? null : { inputs, targets };
}

/** `x_train`, `train_images`, `X-test`, `xTrain`, `xtrain`; without a part the bare name. */
function named(names: readonly string[], roles: readonly string[], part: SplitRole | null): string | undefined {
  for (const role of roles) {
    const found = names.find((name) => part === partOf(name, role));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Of a name that is `role` with the word of a part; null: the role alone; undefined: another name. */
function partOf(name: string, role: string): SplitRole | null | undefined {
  const words = wordsOf(name).flatMap((word) => (word.length > 2 && /^[xy]/.test(word) ? partedLetter(word) : [word]));
  const rest = words.filter((word) => word !== role);
  if (rest.length === words.length) return undefined;
  if (rest.length === 0) return null;
  return (rest.length === 1 ? splitRole(rest[0]!) : null) ?? undefined;
}

/** `xtrain` as x and train. */
function partedLetter(word: string): readonly string[] {
  return splitRole(word.slice(1)) === null ? [word] : [word[0]!, word.slice(1)];
}

function whyLeftOut(name: string, test: Pair | null): string {
  const isSpare = wordsOf(name).some((word) => splitRole(word) === 'validation') && test !== null;
  return isSpare
    ? 'it is for validation; there are training and test arrays'
    : 'its name is neither one of inputs nor one of targets';
}
