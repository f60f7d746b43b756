/** The part of a data set that the name of a folder, file or array stands for. */
export type SplitRole = 'train' | 'validation' | 'test';

const wholeWords: readonly (readonly [SplitRole, RegExp])[] = [
  ['train', /^(train(ing)?|trn|trainval)$/],
  ['validation', /^(val(id)?|validation|validate|validating|dev|eval|evaluation)$/],
  ['test', /^(test(ing)?|tst|t10k)$/],
];
/** What people add to such a word without a boundary: trainset, testdata, validimages. */
const additions = /(set|sets|data|dataset|images?|imgs?|pictures?|samples?|split)$/;
const withinWords: readonly (readonly [SplitRole, RegExp])[] = [
  ['train', /train/],
  ['validation', /valid/],
  ['test', /test/],
];

/**
 * By a whole word of the name, whatever its case: `Train`, `seg_train`, `TestImages`, `val2017`. Null: no word stands for
 * a part, or words for several parts are there.
 */
export function splitRole(name: string): SplitRole | null {
  const words = wordsOf(name).flatMap((word) => [word, word.replace(additions, '')]);
  return single(wholeWords, (pattern) => words.some((word) => pattern.test(word)));
}

/** Also within a word: `mytrain`, `pretest`. Right only where the neighbours of a name show that it is no class. */
export function looseSplitRole(name: string): SplitRole | null {
  return splitRole(name) ?? single(withinWords, (pattern) => pattern.test(name.toLowerCase()));
}

/** Lower case; parted at signs, digits and capitals: `TrainImages_2` is train, images. */
export function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFC')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

function single(
  roles: readonly (readonly [SplitRole, RegExp])[],
  matches: (pattern: RegExp) => boolean,
): SplitRole | null {
  const found = roles.filter(([, pattern]) => matches(pattern));
  return found.length === 1 ? found[0]![0] : null;
}
