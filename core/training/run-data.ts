import type { ImportedDataset } from '../contract/data.ts';
import type { Failure } from '../failure.ts';
import type { ImportSettings } from '../project/import-settings.ts';
import type { InputValues } from './plan-normalise.ts';
import type { TargetStatistics } from './plan-targets.ts';
import type { PlanData } from './plan.ts';

/** What a plan needs to know of a data set, beside the files that hold it. */
export interface DatasetFacts {
  /** [channels, height, width] of images; [columns] of a table. */
  readonly inputShape: readonly number[];
  readonly values: InputValues;
  /** In the order of the labels; empty for a regression. */
  readonly classNames: readonly string[];
  /** Of a regression: numbers to predict for each sample. */
  readonly targets?: number;
  /** Of a regression; absent of what older versions imported. */
  readonly targetStatistics?: TargetStatistics;
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
  /** Of a table: features that it writes with a decimal comma; absent: none, or an older version read it. */
  readonly commaColumns?: readonly string[];
  /** Of a table; empty otherwise. */
  readonly targetNames: readonly string[];
}

/** The content of a split: equal for equal samples and labels, in whatever files they lie. */
export interface SplitContent {
  readonly samples: number;
  /** SHA-256 of all samples as stored, in their order. */
  readonly inputs: string;
  /** SHA-256 of their labels or targets. */
  readonly targets: string;
  /** Sum of a checksum of each sample: equal for the same samples in another order or with other labels. */
  readonly sampleSum: number;
}

/** What a run remembers of the data it was trained on: all that its network needs from then on. */
export interface RunData extends DatasetFacts {
  readonly source: string;
  readonly settings: ImportSettings;
  /** As numbers, whatever the recipe left to be computed. */
  readonly normalise: Extract<PlanData['normalise'], { readonly kind: 'affine' }>;
  readonly train: SplitContent;
  readonly test: SplitContent;
}

/** Of a run that is trained further although nothing is left at the place of its data. */
export function missingSourceWords(source: string): string {
  return `There are no data at ${source} any more. The run continues on the samples stored with it.`;
}

const mostNames = 8;

/** In sentences, what of the data has changed since; empty: nothing that matters to a training. */
export function changesOf(before: RunData, now: RunData): readonly string[] {
  return [...wordsOfForm(before, now), ...wordsOfSamples(before, now)];
}

/** Data of one's own as they were read. */
type ReadData = Pick<
  ImportedDataset,
  | 'kind'
  | 'settings'
  | 'inputShape'
  | 'values'
  | 'classNames'
  | 'columnNames'
  | 'targetNames'
  | 'trainSamples'
  | 'testSamples'
  | 'statistics'
>;

/** The same of data that were read anew because their files had changed; empty: it makes no difference. */
export function changesOfReading(before: ReadData, now: ReadData): readonly string[] {
  const changes = [
    ...wordsOfForm(formOf(before), formOf(now)),
    ...wordsOfCounts([
      ['training', before.trainSamples, now.trainSamples],
      ['test', before.testSamples, now.testSamples],
    ]),
  ];
  const isSame = JSON.stringify(before.statistics) === JSON.stringify(now.statistics);
  if (changes.length === 0) return isSame ? [] : ['The contents of some samples have changed.'];
  const isAutomatic = now.kind === 'images' && now.settings.size === undefined;
  if (!isAutomatic || before.inputShape.join() === now.inputShape.join()) return changes;
  const size = before.inputShape.slice(1).join(' × ');
  return [...changes, `The image size is automatic: set it in Data (data.import.size) to keep ${size}.`];
}

function formOf(data: ReadData): Form {
  return { ...data, values: { kind: data.values } };
}

/** The sentences of `changesOfReading` with a first one that names the data. */
export function changedData(source: string, changes: readonly string[]): string {
  return `The data in ${source} have changed since they were read before. ${changes.join(' ')}`;
}

/**
 * The changed data as a run goes on with them. Its network has learnt with the run's normalisation and its scale of the
 * targets, which therefore stay; only the origins, from which the numbers are stored, are those of the new files.
 */
export function onChangedData(before: RunData, now: RunData): RunData {
  const { kind, statistics } = before.values;
  const { origins } = now.values;
  const { scale, offset } = before.normalise;
  const moved = (column: number): number => (origins?.[column] ?? 0) - (before.values.origins?.[column] ?? 0);
  return {
    ...now,
    ...(before.targetStatistics && { targetStatistics: before.targetStatistics }),
    values: { kind, ...(statistics && { statistics }), ...(origins && { origins }) },
    normalise: { kind: 'affine', scale, offset: offset.map((each, column) => each + scale[column]! * moved(column)) },
  };
}

/** `stored`: the samples kept with the run, on which it was trained; `changed`: what has become of them. */
export const resumedData = ['stored', 'changed'] as const;
export type ResumedData = (typeof resumedData)[number];

/**
 * Why a network that was trained on the one cannot be trained on the other; null: it can. Its inputs stand for columns
 * and its outputs for classes: under other names, or in another order, they would mean something else.
 */
export function otherForm(before: RunData, now: RunData): Failure | null {
  const isSame =
    wordsOfForm(before, now).length === 0 &&
    before.targets === now.targets &&
    (before.targetStatistics === undefined) === (now.targetStatistics === undefined);
  if (isSame) return null;
  return {
    code: 'dataChanged',
    message: `The data no longer match the network of this run. ${changesOf(before, now).join(' ')}`,
    at: before.source,
    advice: 'Start a new run on the current data.',
  };
}

type Form = Pick<DatasetFacts, 'inputShape' | 'classNames' | 'columnNames' | 'targetNames'> & {
  readonly values: Pick<InputValues, 'kind'>;
};

function wordsOfForm(before: Form, now: Form): readonly string[] {
  return [
    ...wordsOfShape(before, now),
    ...wordsOfNames('classes', 'class', before.classNames, now.classNames),
    ...wordsOfNames('columns', 'column', before.columnNames, now.columnNames),
    ...wordsOfNames('target columns', 'target column', before.targetNames, now.targetNames),
  ];
}

function wordsOfShape(before: Form, now: Form): readonly string[] {
  const [was, is] = [before.inputShape.join(' × '), now.inputShape.join(' × ')];
  const kinds = { bytes: 'bytes', floats: 'numbers' } as const;
  return [
    ...(was === is ? [] : [`Samples had the shape ${was}; they now have the shape ${is}.`]),
    ...(before.values.kind === now.values.kind
      ? []
      : [`Samples were made of ${kinds[before.values.kind]}; they are now made of ${kinds[now.values.kind]}.`]),
  ];
}

function wordsOfNames(all: string, one: string, before: readonly string[], now: readonly string[]): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  const [gone, added] = [before.filter((name) => !now.includes(name)), now.filter((name) => !before.includes(name))];
  if (gone.length + added.length === 0) return [`The order of the ${all} has changed.`];
  return [
    ...(gone.length === 0 ? [] : [`${named(gone, all, one)} ${gone.length === 1 ? 'is' : 'are'} gone.`]),
    ...(added.length === 0 ? [] : [`${named(added, all, one)} ${added.length === 1 ? 'is' : 'are'} new.`]),
  ];
}

function named(names: readonly string[], all: string, one: string): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return `The ${names.length === 1 ? one : all} ${names.slice(0, mostNames).join(', ')}${more}`;
}

function wordsOfCounts(counts: readonly (readonly [split: string, was: number, is: number])[]): readonly string[] {
  return counts.flatMap(([split, was, is]) =>
    was === is ? [] : [`There were ${was} ${split} samples; there are now ${is}.`],
  );
}

function wordsOfSamples(before: RunData, now: RunData): readonly string[] {
  const splits = [
    ['training', before.train, now.train],
    ['test', before.test, now.test],
  ] as const;
  const counted = wordsOfCounts(splits.map(([split, was, is]) => [split, was.samples, is.samples]));
  // Numbers are stored as differences from an origin.
  const isSame =
    JSON.stringify(before.values.origins) === JSON.stringify(now.values.origins) &&
    splits.every(([, was, is]) => was.inputs === is.inputs && was.targets === is.targets);
  if (counted.length > 0 || isSame) return counted;
  const sumOf = ({ train, test }: RunData): number => train.sampleSum + test.sampleSum;
  if (sumOf(before) !== sumOf(now)) return ['The contents of some samples have changed.'];
  return ['The samples are the same, but their labels or their order have changed.'];
}
