import { elementCount } from '../../../core/catalogue/shape.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { fail } from '../../failures.ts';
import { isText, npyRows, npyTexts } from './npy-file.ts';
import type { NpyFile, NpyTextFile } from './npy-file.ts';
import type { ArrayAddress } from './npy-header.ts';
import { inClassOrder, manyValues, taskOf } from './target-kind.ts';

/** How the rows of the arrays of targets are read. */
export type ArrayTargets =
  | {
      readonly task: 'classification';
      readonly classNames: readonly string[];
      readonly isOneHot: boolean;
      /** Of every sample of every array, in their order; −1: of no class. */
      readonly labels: Int32Array;
      readonly samples: number;
    }
  | { readonly task: 'regression'; readonly perSample: number; readonly samples: number };

interface Survey {
  /** Of targets of one number: different finite ones, as text. */
  readonly values: ReadonlySet<string>;
  /** Of every sample, where it has one number: that number; where it has several: the place of its only 1, or NaN. */
  readonly numbers: readonly number[];
  /** Of finite numbers: all are whole. */
  readonly areWhole: boolean;
  /** The first row that is not of one 1 and zeros otherwise, in words; null: all are so. */
  readonly notOneHot: string | null;
  /** Above 2⁵³ neighbours become equal. */
  readonly tooLarge: number | null;
}

/** Reads all targets once. Throws a FailureError where they are not what the settings say. */
export async function surveyTargets(
  all: readonly (NpyFile | NpyTextFile)[],
  settings: Pick<ImportSettings, 'task'>,
): Promise<ArrayTargets> {
  const texts = all.filter(isText);
  const arrays = all.filter((array): array is NpyFile => !isText(array));
  const [first] = arrays;
  if (first === undefined) return surveyTexts(texts, settings);
  if (texts.length > 0) refuseMixed(texts[0]!, first);
  const { address } = first;
  const perSample = elementCount(first.header.shape.slice(1));
  const survey = await surveyRows(arrays);
  const samples = survey.numbers.length;
  if (perSample > 1) return severalNumbers(survey, perSample, settings, address);
  const facts = { areNumbers: true, areWhole: survey.areWhole, different: survey.values.size, samples };
  if (taskOf(settings, facts) === 'regression') return { task: 'regression', perSample, samples };
  if (survey.tooLarge !== null) {
    fail('badData', `${address.title} holds the label ${survey.tooLarge}: beyond 2⁵³ whole numbers are not exact.`, {
      at: address.at,
      advice: 'Number the classes starting at 0.',
    });
  }
  if (survey.values.size >= manyValues) {
    fail('badData', `${address.title} holds ${manyValues} different values or more: too many classes.`, {
      at: 'data.import.task',
      advice: 'Set data.import.task to regression.',
    });
  }
  const classNames = inClassOrder(survey.values);
  const classes = new Map(classNames.map((name, label) => [Number(name), label]));
  const labels = Int32Array.from(survey.numbers, (value) => classes.get(value) ?? -1);
  return { task: 'classification', classNames, isOneHot: false, labels, samples };
}

/** Classes by their names. */
async function surveyTexts(
  arrays: readonly NpyTextFile[],
  { task }: Pick<ImportSettings, 'task'>,
): Promise<ArrayTargets> {
  const [{ address, header }] = arrays as readonly [NpyTextFile];
  const { title, at } = address;
  if (task === 'regression') {
    fail('badData', `${title} holds text (type ${header.type}), not numbers to predict.`, {
      at: 'data.import.task',
      advice: 'Set data.import.task to classification, or save the targets as numbers.',
    });
  }
  const perSample = elementCount(header.shape.slice(1));
  if (perSample !== 1) {
    fail('badData', `${title} holds ${perSample} texts for each sample. It needs one class name for each.`, { at });
  }
  const names: string[] = [];
  const different = new Set<string>();
  for (const array of arrays) {
    for await (const name of npyTexts(array)) {
      names.push(name);
      if (name !== '') different.add(name);
      if (different.size > manyValues) {
        fail('badData', `${title} holds more than ${manyValues} different texts: too many classes.`, { at });
      }
    }
  }
  const classNames = inClassOrder(different);
  const classes = new Map(classNames.map((name, label) => [name, label]));
  const labels = Int32Array.from(names, (name) => classes.get(name) ?? -1);
  return { task: 'classification', classNames, isOneHot: false, labels, samples: names.length };
}

function refuseMixed(texts: NpyTextFile, numbers: NpyFile): never {
  const { title, at } = texts.address;
  return fail('badData', `${title} holds text (type ${texts.header.type}), but ${numbers.address.title} numbers.`, {
    at,
    advice: 'Save the targets for training and for testing in the same way.',
  });
}

/** One-hot rows are classes, unless the settings say that they are numbers. */
function severalNumbers(
  { numbers, notOneHot }: Survey,
  perSample: number,
  { task }: Pick<ImportSettings, 'task'>,
  { title }: ArrayAddress,
): ArrayTargets {
  if (task === 'regression' || (task === undefined && notOneHot !== null)) {
    return { task: 'regression', perSample, samples: numbers.length };
  }
  if (notOneHot !== null) {
    fail('badData', `${title} holds ${perSample} numbers for each sample, and they are not one-hot: ${notOneHot}.`, {
      at: 'data.import.task',
      advice: 'Save one class number for each sample, or set data.import.task to regression.',
    });
  }
  return {
    task: 'classification',
    classNames: Array.from({ length: perSample }, (_, label) => String(label)),
    isOneHot: true,
    labels: Int32Array.from(numbers),
    samples: numbers.length,
  };
}

async function surveyRows(arrays: readonly NpyFile[]): Promise<Survey> {
  const values = new Set<string>();
  const numbers: number[] = [];
  let areWhole = true;
  let notOneHot: string | null = null;
  let tooLarge: number | null = null;
  for (const array of arrays) {
    let index = 0;
    for await (const row of npyRows(array)) {
      if (row.length === 1) {
        const value = row[0]!;
        numbers.push(value);
        if (Number.isFinite(value)) {
          areWhole &&= Number.isInteger(value);
          if (!Number.isSafeInteger(value) && Math.abs(value) > 1) tooLarge ??= wholeOrNull(value);
          if (values.size < manyValues) values.add(String(value));
        }
      } else {
        const label = onlyOne(row);
        if (label === null)
          notOneHot ??= `row ${index} is [${[...row.slice(0, 6)].join(', ')}${row.length > 6 ? ', …' : ''}]`;
        numbers.push(label ?? NaN);
      }
      index++;
    }
  }
  return { values, numbers, areWhole, notOneHot, tooLarge };
}

function wholeOrNull(value: number): number | null {
  return Number.isInteger(value) ? value : null;
}

/** The place of the only 1 among zeros; null: the row is another. */
function onlyOne(row: Float64Array): number | null {
  let found: number | null = null;
  for (const [place, value] of row.entries()) {
    if (value === 0) continue;
    if (value !== 1 || found !== null) return null;
    found = place;
  }
  return found;
}
