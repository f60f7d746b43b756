import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findLayerType, layerTypes } from '../../core/catalogue/catalogue.ts';
import type { LayerOptions, LayerType } from '../../core/catalogue/layer-type.ts';
import type { OptionDeclaration } from '../../core/catalogue/option.ts';
import { noExpressions, readOptions } from '../../core/catalogue/read-options.ts';
import { Refusal } from '../../core/catalogue/refusal.ts';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { Shape } from '../../core/catalogue/shape.ts';
import type { OptionValue, Options } from '../../core/network/tree.ts';
import type { PlanLayer } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';

type Outcome = Shape | 'refused';

const addon = loadAddon();

/** What takes several tensors, and sequences, is held to libtorch in attention.test.ts. */
const ofOneInput = layerTypes.filter(
  ({ name, family }) => name !== 'Bilinear' && !['attention', 'combine', 'distance'].includes(family),
);

test.each(ofOneInput)('$name: shapes and refusals are those of libtorch', (type) => {
  let built = 0;
  fc.assert(
    fc.property(questionsOf(type), ([input, written]) => {
      const options = decide(type, written, input);
      if (options === null) return;
      if (libtorchCannotKnow(type, options, input)) {
        expect(predict(type, options, input)).toBe('refused');
        return;
      }
      const layer: PlanLayer = {
        ...{ type: 'Layer', path: 'networks.main', key: '0', initialise: [], frozen: false },
        layer: type.name,
        options,
      };
      const outcome = probe(layer, input);
      expect(predict(type, options, input)).toEqual(outcome);
      if (outcome !== 'refused') built += 1;
    }),
    // Of the options of three dimensions, and of these, fewer fit together.
    {
      numRuns:
        dimensionsOf(type.name) === 3 || /^(Conv|Expand|Frac|Embed|Interpolate|Upsample)/.test(type.name) ? 1200 : 400,
    },
  );
  // Refusing everything alike would prove little.
  expect(built).toBeGreaterThan(15);
});

test.each(['LayerNorm', 'RMSNorm'])('%s does not normalise over the batch, though its size fits', (name) => {
  const type = findLayerType(name)!;
  const options = decide(type, { normalized_shape: [2, 2] }, [2])!;
  expect(predict(type, options, [2])).toBe('refused');
  expect(libtorchCannotKnow(type, options, [2])).toBe(true);
});

function questionsOf(type: LayerType): fc.Arbitrary<[Shape, Options]> {
  if (type.name === 'Fold') return foldsOf(findLayerType('Unfold')!);
  return inputShapeOf(type).chain((input) => fc.tuple(fc.constant(input), optionsOf(type, input)));
}

/** What an Unfold gives, now and then one column too many, so that there is something to fold. */
function foldsOf(unfold: LayerType): fc.Arbitrary<[Shape, Options]> {
  return fc.tuple(questionsOf(unfold), fc.nat({ max: 5 })).map(([[image, options], luck]) => {
    const decided = decide(unfold, options, image);
    const output = decided === null ? 'refused' : predict(unfold, decided, image);
    const [elements, count] = output === 'refused' ? [4, 4] : output;
    return [[elements!, luck === 0 ? count! + 1 : count!], { ...options, output_size: [image[1] ?? 1, image[2] ?? 1] }];
  });
}

/** Mostly of as many dimensions as the layer's name says, else an image. */
function inputShapeOf({ name }: LayerType): fc.Arbitrary<Shape> {
  const dimensions = dimensionsOf(name) ?? (isRecurrent(name) ? 1 : 2);
  const sizes = fc.array(size(), { minLength: dimensions, maxLength: dimensions });
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.integer({ min: 1, max: 8 }), sizes).map(([channels, rest]) => [channels, ...rest]),
    },
    { weight: 1, arbitrary: fc.array(size(), { minLength: 1, maxLength: 4 }) },
  );
}

function isRecurrent(name: string): boolean {
  return findLayerType(name)?.family === 'recurrent';
}

/** 1, 2 or 3 where the name says so. */
function dimensionsOf(name: string): number | undefined {
  const digit = /([123])d$/.exec(name)?.[1];
  return digit === undefined ? undefined : Number(digit);
}

function size(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 12 });
}

/** null where the options themselves cannot be decided: libtorch is not asked then. */
function decide(type: LayerType, written: Options, input: Shape): LayerOptions | null {
  try {
    return readOptions(type, written, [input], noExpressions);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** What only we refuse, because only we know which dimension is the batch and how many channels were meant. */
function libtorchCannotKnow(type: LayerType, options: LayerOptions, input: Shape): boolean {
  const { dim, dim0, dim1, start_dim, end_dim, num_features, num_channels, affine, track_running_stats } = options;
  const { normalized_shape: normalised } = options;
  const first = -input.length - (type.name === 'Unsqueeze' ? 2 : 1);
  // Sizes for more dimensions than a sample has take in the batch, where libtorch finds the two samples of `probe` fitting.
  const reachesIntoBatch =
    [dim, dim0, dim1, start_dim, end_dim].some((index) => index === 0 || index === first) ||
    (Array.isArray(normalised) && normalised.length > input.length);
  if (type.name === 'Permute' && (options['dims'] as readonly number[])[0] !== 0) return true;
  const hasNoTensors = affine === false && track_running_stats !== true;
  const wasMeantForOthers = [num_features, num_channels].some((count) => count !== undefined && count !== input[0]);
  return mistakesDimensions(type.name, input) || reachesIntoBatch || (hasNoTensors && wasMeantForOthers);
}

/** libtorch takes what lacks a dimension for one sample, the batch for its channels; some take more as well. */
function mistakesDimensions(name: string, input: Shape): boolean {
  if (['PixelShuffle', 'PixelUnshuffle', 'Unfold'].includes(name)) return input.length !== 3;
  if (name === 'Fold') return input.length !== 2;
  const dimensions = dimensionsOf(name);
  if (name.startsWith('BatchNorm') || dimensions === undefined) return false;
  return /^(Constant|Zero)Pad/.test(name) ? input.length < dimensions : input.length !== dimensions + 1;
}

function predict(type: LayerType, options: LayerOptions, input: Shape): Outcome {
  try {
    return type.outputs(options, [input])[0];
  } catch (error) {
    if (error instanceof Refusal) return 'refused';
    throw error;
  }
}

/** Two samples, forward and back. */
function probe(layer: PlanLayer, input: Shape): Outcome {
  const shape = [2, ...input];
  const question = { shape, input: new Float32Array(elementCount(shape)), training: true, seed: 1, threads: 1 };
  try {
    return addon.computeModule(JSON.stringify(layer), question).shape.slice(1);
  } catch (error) {
    // Anything else than a refusal of the layer is a mistake of the engine or of this test.
    expect(error).toMatchObject({ code: 'badNetwork', at: 'networks.main' });
    return 'refused';
  }
}

function optionsOf(type: LayerType, input: Shape): fc.Arbitrary<Options> {
  const values = Object.fromEntries(
    Object.entries(type.options).map(([name, option]) => [name, valueOf(option, input)]),
  );
  const required = Object.keys(type.options).filter((name) => isRequired(type.options[name]!));
  return fc.record(values, { requiredKeys: required });
}

function isRequired(option: OptionDeclaration): boolean {
  switch (option.kind) {
    case 'integer':
      return option.default === undefined && option.infer === undefined;
    case 'integers':
    case 'pair':
      return option.default === undefined && option.sameAs === undefined;
    default:
      return option.default === undefined;
  }
}

function valueOf(option: OptionDeclaration, input: Shape): fc.Arbitrary<OptionValue> {
  switch (option.kind) {
    case 'integer': {
      const any = fc.integer({ min: option.minimum ?? -5, max: 8 });
      // What the option could be right with, most of the time.
      return option.infer === undefined ? any : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...input) }, any);
    }
    case 'number':
      return fc.double({ min: option.minimum ?? 0.01, max: option.maximum ?? 2, noNaN: true });
    case 'pair':
      return oneOrEach(2, option.minimum);
    case 'padding':
      return fc.oneof(oneOrEach(option.count, 0), fc.constantFrom('same', 'valid'));
    case 'numbers': {
      const each = fc.constantFrom(0.3, 0.5, 0.7, 0.9, 1, 1.5, 2);
      return fc.oneof(each, fc.array(each, { minLength: 1, maxLength: 3 }), fc.constant(input.map(() => 0.8)));
    }
    case 'integers':
      if (option.minimum === undefined)
        return fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 6 });
      if (option.count !== undefined) return oneOrEach(option.count, option.minimum);
      if (option.isOneForAll === true) return oneOrEach(input.length - 1, 1);
      if (option.minimum === -1) return partsOf(input);
      if (option.minimum === 0) return ordersOf(input);
      return fc.oneof(
        fc.integer({ min: 1, max: input.length }).map((count) => input.slice(-count)),
        fc.array(size(), { minLength: 1, maxLength: 3 }),
      );
    case 'choice':
      return fc.constantFrom(...option.values);
    case 'boolean':
      return fc.boolean();
  }
}

/** What one of the dimensions could be split into, and what not. */
function partsOf(input: Shape): fc.Arbitrary<OptionValue> {
  const parts = input.flatMap((size) => [[size], [-1], [size, 1], [-1, 2], [2, size / 2], [3, -1, 1]]);
  return fc.oneof(
    fc.constantFrom(...parts.filter((sizes) => sizes.every(Number.isInteger))),
    fc.array(fc.integer({ min: -1, max: 6 }), { minLength: 1, maxLength: 3 }),
  );
}

/** Orders of the dimensions, the batch in its place, and others. */
function ordersOf(input: Shape): fc.Arbitrary<OptionValue> {
  const all = input.map((_, index) => index + 1);
  const orders = fc.shuffledSubarray(all, { minLength: all.length }).map((order) => [0, ...order]);
  return fc.oneof(orders, fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 }));
}

function oneOrEach(count: number, minimum: number): fc.Arbitrary<OptionValue> {
  const one = fc.integer({ min: minimum, max: minimum + 4 });
  return fc.oneof(one, fc.array(one, { minLength: count, maxLength: count }));
}
