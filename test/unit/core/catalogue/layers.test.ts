import { describe, expect, test } from 'vitest';
import { layerTypes, findLayerType } from '../../../../core/catalogue/catalogue.ts';
import { noExpressions, readOptions } from '../../../../core/catalogue/read-options.ts';
import { Refusal } from '../../../../core/catalogue/refusal.ts';
import type { Flow, Shape } from '../../../../core/catalogue/shape.ts';
import type { Options } from '../../../../core/network/tree.ts';
import baselines from '../../../baselines/layers.json' with { type: 'json' };

type Shapes = Readonly<Record<string, readonly number[]>>;
type Outcome = readonly [output: readonly number[], parameters: Shapes, buffers: Shapes] | null;
type Case = readonly [layer: string, options: Options, input: Input, outcome: Outcome];
/** The shape of one input, or those of several. */
type Input = Shape | Flow;

function flowOf(input: Input): Flow {
  return typeof input[0] === 'object' ? (input as Flow) : [input as Shape];
}

const cases = baselines.cases as unknown as readonly Case[];

function ourOutcome(layer: string, written: Options, input: Input): Outcome {
  const type = findLayerType(layer)!;
  const flow = flowOf(input);
  try {
    const options = readOptions(type, written, flow, noExpressions);
    const shapes = (tensors: readonly { readonly name: string; readonly shape: readonly number[] }[]) =>
      Object.fromEntries(tensors.map(({ name, shape }) => [name, shape]));
    return [type.outputs(options, flow)[0], shapes(type.parameters(options)), shapes(type.buffers(options))];
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

describe('PyTorch makes the same shapes, parameters and refusals', () => {
  test.each(layerTypes.map((type) => type.name))('%s', (name) => {
    const ofThis = cases.filter(([layer]) => layer === name);
    expect(ofThis.length).toBeGreaterThan(0);
    for (const [layer, options, input, outcome] of ofThis) {
      expect(ourOutcome(layer, options, input), JSON.stringify({ layer, options, input })).toEqual(outcome);
    }
  });
});

test('options that follow from the input may be left out', () => {
  const inferred = [
    'in_features',
    'in_channels',
    'num_features',
    'num_channels',
    'embed_dim',
    'd_model',
    'kdim',
    'vdim',
  ];
  for (const [layer, options, input, outcome] of cases) {
    const rest = Object.fromEntries(Object.entries(options).filter(([name]) => !inferred.includes(name)));
    if (outcome !== null)
      expect(ourOutcome(layer, rest, input), JSON.stringify({ layer, rest, input })).toEqual(outcome);
  }
});
