import type { ImportedDataset } from '../../../core/contract/data.ts';
import { count, counted } from '../../../core/format.ts';
import { examplesInWords } from '../../../core/inspection/import-report.ts';
import { splitOf } from './source.ts';
import type { CountedSamples } from './split-writer.ts';

type SampleFacts = Pick<
  ImportedDataset,
  'kind' | 'task' | 'settings' | 'classNames' | 'classCounts' | 'targetNames' | 'trainSamples' | 'testSamples'
>;

/**
 * In sentences, how the samples that were read are divided and what of their classes cannot be learned or tested.
 * `contradictory`: test samples that are equal to a training sample, but for their class or target.
 */
export function sampleNotes(facts: SampleFacts, isSplit: boolean, contradictory: CountedSamples): readonly string[] {
  return [
    ...(facts.task === 'classification' ? classNotes(facts) : []),
    ...contradictoryNote(facts, contradictory),
    splitNote(facts, isSplit),
  ];
}

function contradictoryNote({ kind, task }: SampleFacts, { count: samples, examples }: CountedSamples): string[] {
  if (samples === 0) return [];
  const have = samples === 1 ? 'has' : 'have';
  const what = kind === 'images' ? 'pixels' : 'features';
  const other = task === 'classification' ? 'class' : 'target';
  const named = examples.length === 0 ? '' : ` (${examplesInWords(examples, samples)})`;
  return [
    `${counted(samples, 'test sample')} ${have} the same ${what} as a training sample, but another ${other}${named}.`,
  ];
}

function classNotes(facts: SampleFacts): readonly string[] {
  const { kind, classNames, classCounts, targetNames, trainSamples, testSamples } = facts;
  const namesWhere = (is: (train: number, test: number) => boolean): readonly string[] =>
    classNames.filter((_, label) => is(classCounts.train[label] ?? 0, classCounts.test[label] ?? 0));
  const learned = namesWhere((train) => train > 0);
  const untested = namesWhere((train, test) => train > 0 && test === 0);
  const unlearned = namesWhere((train, test) => train === 0 && test > 0);
  const classes = learned.length + unlearned.length;
  const samples = trainSamples + testSamples;
  const isTable = kind === 'table';
  const question = isTable ? ` Is ${targetNames.join(', ')} the target? data.import.target sets another column.` : '';
  return [
    ...(learned.length === 1
      ? [`All training samples have the same class, ${learned[0]!}: there is nothing to distinguish.${question}`]
      : []),
    ...(areMostlySingle(classes, samples)
      ? [`There are ${count(classes)} classes for ${counted(samples, 'sample')}.${question}`]
      : []),
    ...missingNote(untested, 'test', 'test figures do not include'),
    ...missingNote(unlearned, 'training', 'the network cannot learn'),
  ];
}

/** Fewer than two samples a class: rather names or numbers of the samples than classes. */
function areMostlySingle(classes: number, samples: number): boolean {
  return classes >= 10 && classes * 2 > samples;
}

const mostNames = 8;

function missingNote(names: readonly string[], split: string, why: string): readonly string[] {
  if (names.length === 0) return [];
  if (names.length === 1) return [`The class ${names[0]!} has no ${split} sample, so ${why} it.`];
  const more = names.length > mostNames ? ` and ${count(names.length - mostNames)} more` : '';
  const listed = `${names.slice(0, mostNames).join(', ')}${more}`;
  return [`These classes have no ${split} samples, so ${why} them: ${listed}.`];
}

/** Who decided which samples are for testing, and how many they are. */
function splitNote({ settings, task, trainSamples, testSamples }: SampleFacts, isSplit: boolean): string {
  if (isSplit) return 'The source itself is divided into training and test data.';
  const { testFraction, seed } = splitOf(settings);
  const samples = trainSamples + testSamples;
  const share = testSamples / samples;
  const drawn = `${count(testSamples)} of ${counted(samples, 'sample')} (${shareInWords(share)}) ${testSamples === 1 ? 'is' : 'are'} kept for testing, drawn with seed ${seed}.`;
  const isNear =
    Math.abs(testSamples - testFraction * samples) < 1 || Math.abs(share - testFraction) < testFraction / 4;
  if (isNear) return drawn;
  const asked =
    settings.split?.testFraction === undefined ? 'The default' : 'The setting data.import.split.testFraction';
  const parts = task === 'classification' ? 'each class of two or more samples keeps' : 'the data keep';
  return `${drawn} ${asked} is ${shareInWords(testFraction)}, but ${parts} at least one for testing and one for training.`;
}

function shareInWords(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
