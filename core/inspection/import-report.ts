import type { FileRole, ImportedDataset, PictureFacts } from '../contract/data.ts';
import { counted } from '../format.ts';

const roles: Readonly<Record<FileRole, string>> = {
  training: 'training',
  testing: 'testing',
  divided: 'divided into training and testing',
  labels: 'names of classes or parts',
};

/** What files of a source were used for. */
export function roleInWords(role: FileRole): string {
  return roles[role];
}

/** The first of many names, at most three. */
export function examplesInWords(examples: readonly string[], count: number): string {
  const shown = examples.slice(0, 3);
  return `${shown.join(', ')}${count > shown.length ? ', …' : ''}`;
}

/** What became of the files of a source; null of data whose files an older version did not count. */
export interface FileTally {
  readonly total: number;
  readonly used: number;
  readonly leftOut: number;
}

export function tallyOf({ files, skipped }: Pick<ImportedDataset, 'files' | 'skipped'>): FileTally | null {
  if (files === undefined) return null;
  const used = sum(files);
  const leftOut = sum(skipped.filter(({ isFile }) => isFile === true));
  return { total: used + leftOut, used, leftOut };
}

function sum(groups: readonly { readonly count: number }[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}

/** Sentences on what may well be a mistake in the data. */
export function warningsInWords(
  dataset: Pick<ImportedDataset, 'warnings' | 'testInTrain' | 'testInTrainExamples'>,
): string[] {
  return [...leakInWords(dataset), ...(dataset.warnings ?? [])];
}

/** A sentence where test samples are among the training samples too. */
function leakInWords({
  testInTrain = 0,
  testInTrainExamples = [],
}: Pick<ImportedDataset, 'testInTrain' | 'testInTrainExamples'>): string[] {
  if (testInTrain === 0) return [];
  const are = testInTrain === 1 ? 'is' : 'are';
  const named = testInTrainExamples.length === 0 ? '' : ` (${examplesInWords(testInTrainExamples, testInTrain)})`;
  const rest = testInTrain > testInTrainExamples.length ? ' Inspect the data to see which.' : '';
  return [
    `${counted(testInTrain, 'test sample')} ${are} identical to a training sample${named}, so test figures are too optimistic.${rest}`,
  ];
}

/** Sentences on what was done to images so that all have one size, the same channels and no alpha channel. */
export function picturesInWords({ pictures, inputShape }: Pick<ImportedDataset, 'pictures' | 'inputShape'>): string[] {
  if (pictures === undefined) return [];
  const { resized, reshaped, transparent, multiPage, background, madeGrey = 0, madeColour = 0 } = pictures;
  const size = inputShape.slice(1).join(' × ');
  return [
    ...(resized > 0 ? [`${images(resized, 'was', 'were')} resized to ${size}.`] : []),
    ...(reshaped > 0
      ? [`${images(reshaped, 'has', 'have')} another aspect ratio and ${fitInWords(reshaped, pictures)}.`]
      : []),
    ...(madeGrey > 0 ? [`${images(madeGrey, 'has', 'have')} colour and ${were(madeGrey)} converted to grey.`] : []),
    ...(madeColour > 0
      ? [`${images(madeColour, 'is', 'are')} grey and ${were(madeColour)} read as colour, with three equal channels.`]
      : []),
    ...(transparent > 0
      ? [
          `${images(transparent, 'has', 'have')} an alpha channel: transparent pixels became ${background} (background).`,
        ]
      : []),
    ...(multiPage > 0 ? [`${images(multiPage, 'has', 'have')} several frames or pages: the first was read.`] : []),
  ];
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function fitInWords(count: number, { fit, background }: PictureFacts): string {
  switch (fit) {
    case 'cover':
      return `${were(count)} cropped at the edges (fit: cover; contain keeps all of an image)`;
    case 'contain':
      return `${were(count)} padded with ${background} (fit: contain)`;
    case 'stretch':
      return `${were(count)} stretched (fit: stretch)`;
  }
}

function images(count: number, one: string, several: string): string {
  return `${counted(count, 'image')} ${count === 1 ? one : several}`;
}
