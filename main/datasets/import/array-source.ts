import { elementCount } from '../../../core/catalogue/shape.ts';
import { fail } from '../../failures.ts';
import { chooseTest } from './choose-test.ts';
import { npyRows, openNpy } from './npy-file.ts';
import type { NpyFile } from './npy-file.ts';
import { splitNote, splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';
import { inClassOrder, manyValues, taskOf } from './target-kind.ts';

/** Two arrays: of one sample a row each. */
export interface ArrayFiles {
  readonly inputs: string;
  readonly targets: string;
}

interface ArrayPair {
  readonly inputs: NpyFile;
  readonly targets: NpyFile;
  readonly isTest: boolean;
}

/**
 * Arrays of samples. Unsigned bytes of three or four dimensions are images, [n, height, width], [n, channels, height,
 * width] or [n, height, width, channels]; everything else is taken as floats.
 */
export async function openArrays(
  train: ArrayFiles,
  test: ArrayFiles | null,
  request: OpenRequest,
): Promise<OpenedSource> {
  const { settings, skipped } = request;
  const pairs = [await openPair(train, false), ...(test === null ? [] : [await openPair(test, true)])];
  const [first] = pairs;
  const shape = first!.inputs.header.shape.slice(1);
  const perTarget = elementCount(first!.targets.header.shape.slice(1));
  for (const { inputs, targets } of pairs.slice(1)) {
    refuseOther(inputs, shape);
    refuseOther(targets, first!.targets.header.shape.slice(1));
  }
  const survey = await surveyTargets(pairs);
  const task = perTarget > 1 ? 'regression' : taskOf(settings, survey.facts);
  if (task === 'classification' && survey.values.size >= manyValues) {
    fail('badData', `${first!.targets.file} holds ${manyValues} different values or more: too many classes.`, {
      at: 'data.import.task',
      advice: 'Set data.import.task to regression.',
    });
  }
  const classNames = task === 'classification' ? inClassOrder(survey.values) : [];
  const classes = new Map(classNames.map((name, label) => [Number(name), label]));
  const layout = layoutOf(first!.inputs, shape);
  const labels =
    task === 'classification' ? Int32Array.from(survey.targets, (value) => classes.get(value) ?? -1) : null;
  const isTest = test === null ? chooseTest(survey.samples, labels, splitOf(settings)) : null;
  return {
    kind: 'arrays',
    form: {
      inputShape: layout.inputShape,
      values: layout.values,
      targets: task === 'regression' ? perTarget : null,
    },
    classNames,
    columnNames: [],
    targetNames: [],
    notes: [splitNote(test !== null, settings)],
    samples: () => readSamples(pairs, layout, task === 'classification' ? classes : null, isTest, skipped, request),
  };
}

async function openPair({ inputs, targets }: ArrayFiles, isTest: boolean): Promise<ArrayPair> {
  const pair = { inputs: await openNpy(inputs), targets: await openNpy(targets), isTest };
  const [samples = 0, ...rest] = pair.inputs.header.shape;
  if (rest.length === 0) {
    fail('badData', `${inputs} has one dimension; a row for each sample is needed.`, { at: inputs });
  }
  if (pair.targets.header.shape[0] !== samples) {
    fail(
      'badData',
      `${targets} holds ${pair.targets.header.shape[0]} targets for the ${samples} samples of ${inputs}.`,
      {
        at: targets,
      },
    );
  }
  return pair;
}

function refuseOther(array: NpyFile, shape: readonly number[]): void {
  const found = array.header.shape.slice(1);
  if (found.join() === shape.join()) return;
  fail('badData', `The samples of ${array.file} are [${found.join(', ')}], those for training [${shape.join(', ')}].`, {
    at: array.file,
  });
}

async function surveyTargets(pairs: readonly ArrayPair[]) {
  const values = new Set<string>();
  const targets: number[] = [];
  let areWhole = true;
  let samples = 0;
  for (const pair of pairs) {
    for await (const row of npyRows(pair.targets)) {
      const [value = NaN] = row;
      samples++;
      if (row.length === 1) targets.push(value);
      areWhole &&= Number.isInteger(value);
      if (Number.isFinite(value) && values.size < manyValues) values.add(String(value));
    }
  }
  return { values, targets, samples, facts: { areNumbers: true, areWhole, different: values.size, samples } };
}

interface Layout {
  readonly inputShape: readonly number[];
  readonly values: 'bytes' | 'floats';
  /** The channels stand last in the file. */
  readonly areChannelsLast: boolean;
}

function layoutOf({ header }: NpyFile, shape: readonly number[]): Layout {
  const { kind, bytes } = header.element;
  const areBytes = kind === 'u' && bytes === 1 && (shape.length === 2 || shape.length === 3);
  if (!areBytes) return { inputShape: shape, values: 'floats', areChannelsLast: false };
  const [first = 1, second = 1, third] = shape;
  if (third === undefined) return { inputShape: [1, first, second], values: 'bytes', areChannelsLast: false };
  // Where both ends could be channels, images are taken for square.
  const couldBeFirst = [1, 3, 4].includes(first) && second === third;
  const areChannelsLast = [1, 3, 4].includes(third) && !couldBeFirst;
  return { inputShape: areChannelsLast ? [third, first, second] : shape, values: 'bytes', areChannelsLast };
}

async function* readSamples(
  pairs: readonly ArrayPair[],
  layout: Layout,
  classes: ReadonlyMap<number, number> | null,
  isTest: Uint8Array | null,
  skipped: OpenRequest['skipped'],
  { onProgress }: OpenRequest,
): AsyncGenerator<Sample> {
  const total = pairs.reduce((sum, { inputs }) => sum + inputs.header.shape[0]!, 0);
  let sample = 0;
  for (const pair of pairs) {
    let row = 0;
    for await (const { numbers, targets } of rowsOf(pair)) {
      const target = targetOf(targets, classes);
      const input = layout.values === 'bytes' ? imageBytes(numbers, layout) : Float32Array.from(numbers);
      const place = `${pair.inputs.file} [${row}]`;
      if (!input.every(Number.isFinite)) skipped.add('it holds a number that is not finite', place);
      else if (target === null) skipped.add('its target is not finite', place);
      else yield { input, target, isTest: isTest === null ? pair.isTest : isTest[sample] === 1 };
      row++;
      sample++;
      if (sample % 1000 === 0) onProgress({ stage: 'reading arrays', done: sample, total });
    }
  }
}

/** An input and its targets after the other. Closes both files, also where it is left before the end. */
async function* rowsOf({ inputs, targets }: ArrayPair) {
  const others = npyRows(targets);
  try {
    for await (const numbers of npyRows(inputs)) {
      const next = await others.next();
      if (next.done === true) throw new Error('more inputs than targets');
      yield { numbers, targets: next.value };
    }
  } finally {
    await others.return(undefined);
  }
}

function targetOf(numbers: Float64Array, classes: ReadonlyMap<number, number> | null): number | Float32Array | null {
  if (classes !== null) return classes.get(numbers[0]!) ?? null;
  const targets = Float32Array.from(numbers);
  return targets.every(Number.isFinite) ? targets : null;
}

function imageBytes(numbers: Float64Array, { inputShape, areChannelsLast }: Layout): Uint8Array {
  if (!areChannelsLast) return Uint8Array.from(numbers);
  const [channels = 1, height = 1, width = 1] = inputShape;
  const pixels = height * width;
  const bytes = new Uint8Array(numbers.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) bytes[channel * pixels + pixel] = numbers[pixel * channels + channel]!;
  }
  return bytes;
}
