import { fail } from '../../failures.ts';
import { surveyTargets } from './array-targets.ts';
import type { ArrayTargets } from './array-targets.ts';
import { chooseTest } from './choose-test.ts';
import { isText, npyRows, openAnyNpy, openNpy } from './npy-file.ts';
import type { NpyFile, NpyTextFile } from './npy-file.ts';
import type { ArrayAddress } from './npy-header.ts';
import { splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';

/** An array in a file, the user's or one that it was unpacked into. */
export interface StoredArray {
  readonly file: string;
  readonly address: ArrayAddress;
}

/** Two arrays: of one sample a row each. */
export interface ArrayFiles {
  readonly inputs: StoredArray;
  readonly targets: StoredArray;
}

interface ArrayPair {
  readonly inputs: NpyFile;
  readonly targets: NpyFile | NpyTextFile;
  readonly isTest: boolean;
}

/**
 * Arrays of samples. Unsigned bytes of three or four dimensions are images, [n, height, width], [n, channels, height,
 * width] or [n, height, width, channels]; everything else is taken as floats, of four dimensions alike.
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
  for (const { inputs, targets } of pairs.slice(1)) {
    refuseOther(inputs, shape);
    refuseOther(targets, first!.targets.header.shape.slice(1));
  }
  const targets = await surveyTargets(
    pairs.map((pair) => pair.targets),
    settings,
  );
  const layout = layoutOf(first!.inputs, shape);
  const labels = targets.task === 'classification' ? targets.labels : null;
  const isTest = test === null ? chooseTest(targets.samples, labels, splitOf(settings)) : null;
  return {
    kind: 'arrays',
    form: {
      inputShape: layout.inputShape,
      values: layout.values,
      targets: targets.task === 'regression' ? targets.perSample : null,
      positions: 'index',
    },
    classNames: targets.task === 'classification' ? targets.classNames : [],
    columnNames: [],
    targetNames: [],
    isSplit: test !== null,
    notes: [
      ...(layout.areChannelsLast
        ? [`Samples of ${shape.join(' × ')} were read as images with their channels last.`]
        : []),
      ...(targets.task === 'classification' && targets.isOneHot
        ? ['The targets are one-hot and were read as classes; data.import.task regression reads them as numbers.']
        : []),
    ],
    samples: () => readSamples(pairs, layout, targets, isTest, skipped, request),
  };
}

async function openPair({ inputs, targets }: ArrayFiles, isTest: boolean): Promise<ArrayPair> {
  const pair = {
    inputs: await openNpy(inputs.file, inputs.address),
    targets: await openAnyNpy(targets.file, targets.address),
    isTest,
  };
  const [samples = 0, ...rest] = pair.inputs.header.shape;
  if (rest.length === 0) {
    const { title, at } = inputs.address;
    fail('badData', `${title} has only one dimension. It needs a row for each sample.`, { at });
  }
  if (pair.targets.header.shape[0] !== samples) {
    const { title, at } = targets.address;
    fail(
      'badData',
      `${title} holds ${pair.targets.header.shape[0]} targets for the ${samples} samples of ${inputs.address.title}.`,
      { at },
    );
  }
  return pair;
}

function refuseOther(array: NpyFile | NpyTextFile, shape: readonly number[]): void {
  const found = array.header.shape.slice(1);
  if (found.join() === shape.join()) return;
  fail(
    'badData',
    `The samples of ${array.address.title} are [${found.join(', ')}], but those for training have [${shape.join(', ')}].`,
    { at: array.address.at },
  );
}

interface Layout {
  readonly inputShape: readonly number[];
  readonly values: 'bytes' | 'floats';
  /** The channels stand last in the file. */
  readonly areChannelsLast: boolean;
}

function layoutOf({ header }: NpyFile, shape: readonly number[]): Layout {
  const { kind, bytes } = header.element;
  const [first = 1, second = 1, third] = shape;
  const areBytes = kind === 'u' && bytes === 1 && (shape.length === 2 || shape.length === 3);
  const values = areBytes ? 'bytes' : 'floats';
  if (shape.length !== 3 || third === undefined) {
    return { inputShape: areBytes ? [1, first, second] : shape, values, areChannelsLast: false };
  }
  // Where both ends could be channels, images are taken for square.
  const couldBeFirst = [1, 3, 4].includes(first) && second === third;
  const areChannelsLast = [1, 3, 4].includes(third) && !couldBeFirst;
  return { inputShape: areChannelsLast ? [third, first, second] : shape, values, areChannelsLast };
}

async function* readSamples(
  pairs: readonly ArrayPair[],
  layout: Layout,
  of: ArrayTargets,
  isTest: Uint8Array | null,
  skipped: OpenRequest['skipped'],
  { onProgress }: OpenRequest,
): AsyncGenerator<Sample> {
  const total = pairs.reduce((sum, { inputs }) => sum + inputs.header.shape[0]!, 0);
  let sample = 0;
  for (const pair of pairs) {
    let row = 0;
    for await (const { numbers, targets } of rowsOf(pair)) {
      const target = of.task === 'classification' ? labelOrNull(of.labels[sample]!) : finiteTargets(targets);
      const input = inputOf(numbers, layout);
      const where = `${pair.inputs.address.title} [${row}]`;
      if (!input.every(Number.isFinite)) skipped.add('it holds a number that is not finite', where);
      else if (target === null)
        skipped.add(isText(pair.targets) ? 'its target is empty' : 'its target is not a finite number', where);
      else yield { input, target, isTest: isTest === null ? pair.isTest : isTest[sample] === 1, position: row };
      row++;
      sample++;
      if (sample % 1000 === 0) onProgress({ stage: 'reading arrays', done: sample, total });
    }
  }
}

/** An input and its targets after the other, none of text. Closes both files, also where it is left before the end. */
async function* rowsOf({ inputs, targets }: ArrayPair) {
  if (isText(targets)) {
    for await (const numbers of npyRows(inputs)) yield { numbers, targets: new Float64Array(0) };
    return;
  }
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

function labelOrNull(label: number): number | null {
  return label < 0 ? null : label;
}

function finiteTargets(numbers: Float64Array): Float32Array | null {
  const targets = Float32Array.from(numbers);
  return targets.every(Number.isFinite) ? targets : null;
}

function inputOf(numbers: Float64Array, { inputShape, values, areChannelsLast }: Layout): Uint8Array | Float32Array {
  const ordered = areChannelsLast ? channelsFirst(numbers, inputShape) : numbers;
  return values === 'bytes' ? Uint8Array.from(ordered) : Float32Array.from(ordered);
}

function channelsFirst(numbers: Float64Array, [channels = 1, height = 1, width = 1]: readonly number[]): Float64Array {
  const pixels = height * width;
  const ordered = new Float64Array(numbers.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++)
      ordered[channel * pixels + pixel] = numbers[pixel * channels + channel]!;
  }
  return ordered;
}
