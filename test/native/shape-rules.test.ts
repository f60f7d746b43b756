import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layerTypes } from '../../core/catalogue/catalogue.ts';
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

test.each(layerTypes)('$name: shapes and refusals are those of libtorch', (type) => {
  let built = 0;
  fc.assert(
    fc.property(
      inputShapeOf(type).chain((input) => fc.tuple(fc.constant(input), optionsOf(type, input))),
      ([input, written]) => {
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
      },
    ),
    { numRuns: 400 },
  );
  // Refusing everything alike would prove little.
  expect(built).toBeGreaterThan(15);
});

/** Mostly of as many dimensions as the layer's name says, else an image. */
function inputShapeOf({ name }: LayerType): fc.Arbitrary<Shape> {
  const dimensions = dimensionsOf(name) ?? 2;
  const sizes = fc.array(size(), { minLength: dimensions, maxLength: dimensions });
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.integer({ min: 1, max: 8 }), sizes).map(([channels, rest]) => [channels, ...rest]),
    },
    { weight: 1, arbitrary: fc.array(size(), { minLength: 1, maxLength: 4 }) },
  );
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
    return readOptions(type, written, input, noExpressions);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** What only we refuse, because only we know which dimension is the batch and how many channels were meant. */
function libtorchCannotKnow(type: LayerType, options: LayerOptions, input: Shape): boolean {
  const { dim, start_dim, end_dim, num_features, num_channels, affine, track_running_stats } = options;
  const reachesIntoBatch = [dim, start_dim, end_dim].some((index) => index === 0 || index === -input.length - 1);
  const hasNoTensors = affine === false && track_running_stats !== true;
  const wasMeantForOthers = [num_features, num_channels].some((count) => count !== undefined && count !== input[0]);
  return mistakesDimensions(type.name, input) || reachesIntoBatch || (hasNoTensors && wasMeantForOthers);
}

/** libtorch takes what lacks a dimension for one sample, the batch for its channels; some take more as well. */
function mistakesDimensions(name: string, input: Shape): boolean {
  if (name === 'PixelShuffle' || name === 'PixelUnshuffle') return input.length !== 3;
  const dimensions = dimensionsOf(name);
  if (name.startsWith('BatchNorm') || dimensions === undefined) return false;
  return input.length !== dimensions + 1;
}

function predict(type: LayerType, options: LayerOptions, input: Shape): Outcome {
  try {
    return type.output(options, input);
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
    case 'integers':
      return true;
    case 'integer':
      return option.default === undefined && option.infer === undefined;
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
      return numberOrPair(option.minimum);
    case 'padding':
      return fc.oneof(numberOrPair(0), fc.constantFrom('same', 'valid'));
    case 'integers':
      if (option.minimum === -1) return partsOf(input);
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

function numberOrPair(minimum: number): fc.Arbitrary<OptionValue> {
  const one = fc.integer({ min: minimum, max: minimum + 4 });
  return fc.oneof(one, fc.tuple(one, one));
}
