import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLayerType } from '../../core/catalogue/catalogue.ts';
import type { LayerOptions } from '../../core/catalogue/layer-type.ts';
import { noExpressions, readOptions } from '../../core/catalogue/read-options.ts';
import { Refusal } from '../../core/catalogue/refusal.ts';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { Flow, Shape } from '../../core/catalogue/shape.ts';
import type { Options } from '../../core/network/tree.ts';
import type { PlanLayer } from '../../core/training/plan.ts';
import type { ModuleAnswer } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

type Case = readonly [layer: string, options: Options, inputs: Shape | Flow, outcome: readonly [Shape] | null];

const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'layers.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};

function isOfSequences(layer: string): boolean {
  return layer === 'Bilinear' || ['attention', 'combine', 'distance'].includes(findLayerType(layer)?.family ?? '');
}

const names = [...new Set(cases.map(([layer]) => layer).filter(isOfSequences))];

function planLayer(layer: string, options: LayerOptions): PlanLayer {
  return { type: 'Layer', path: 'networks.main', key: '', initialise: [], frozen: false, layer, options };
}

/** Two samples; numbers between -1 and 1, of one input other than of the next. */
function compute(layer: PlanLayer, flow: Flow, { seed = 1, training = true } = {}): ModuleAnswer {
  const [first, ...others] = flow.map((shape, place) => ({
    shape: [2, ...shape],
    input: numbers([2, ...shape], place),
  }));
  return loadAddon().computeModule(JSON.stringify(layer), { ...first!, others, training, seed, threads: 1 });
}

function numbers(shape: Shape, place: number): Float32Array {
  return Float32Array.from({ length: elementCount(shape) }, (_, index) => Math.sin(index * 1.7 + place));
}

describe('the engine makes the shapes that PyTorch makes, and refuses what PyTorch refuses', () => {
  test.each(names)('%s', (name) => {
    const type = findLayerType(name)!;
    for (const [layer, written, inputs, outcome] of cases.filter(([other]) => other === name)) {
      const flow = typeof inputs[0] === 'number' ? ([inputs] as Flow) : (inputs as Flow);
      const options = decided(written, flow);
      // Other operations go together in ways that would mix samples: only the catalogue refuses those.
      if (options === null || (outcome === null && type.family !== 'attention')) continue;
      const ask = () => compute(planLayer(layer, options), flow).shape;
      const what = JSON.stringify({ layer, written, inputs });
      if (outcome === null) expect(ask, what).toThrow(expect.objectContaining({ code: 'badNetwork' }));
      else expect(ask(), what).toEqual([2, ...outcome[0]]);
    }

    function decided(written: Options, flow: Flow): LayerOptions | null {
      try {
        return readOptions(type, written, flow, noExpressions);
      } catch (error) {
        if (error instanceof Refusal) return null;
        throw error;
      }
    }
  });
});

const sequence: Shape = [5, 8];

function optionsOf(layer: string, written: Options, flow: Flow): LayerOptions {
  return readOptions(findLayerType(layer)!, written, flow, noExpressions);
}

const withDropout = [
  ['MultiheadAttention', { num_heads: 2 }],
  ['MultiheadAttention', { num_heads: 2, is_causal: true, add_bias_kv: true, add_zero_attn: true }],
  ['SelfAttention', { heads: 2, norm: true, is_causal: true }],
  ['TransformerEncoderLayer', { nhead: 2, dim_feedforward: 16 }],
  ['TransformerDecoder', { nhead: 2, num_layers: 2, dim_feedforward: 16, norm_first: true }],
  ['Transformer', { nhead: 2, num_encoder_layers: 1, num_decoder_layers: 1, dim_feedforward: 16 }],
] as const;

describe.each(withDropout)('%s %j', (layer, written) => {
  const flow: Flow =
    findLayerType(layer)!.inputs(optionsOf(layer, written, [sequence])) === 1 ? [sequence] : [sequence, [3, 8]];
  const withProbability = (dropout: number) => planLayer(layer, optionsOf(layer, { ...written, dropout }, flow));

  test('dropout draws from the generator of the engine: the same seed gives the same bytes', () => {
    const once = compute(withProbability(0.3), flow);
    const again = compute(withProbability(0.3), flow);
    expect(again.output).toEqual(once.output);
    expect(again.inputGradient).toEqual(once.inputGradient);
    expect(compute(withProbability(0), flow).output).not.toEqual(once.output);
  });

  test('evaluation leaves nothing out', () => {
    const whole = compute(withProbability(0), flow, { training: false });
    expect(compute(withProbability(0.3), flow, { training: false }).output).toEqual(whole.output);
  });

  test('attention computed step by step, for dropout, is that of libtorch', () => {
    // So small a probability drops nothing, but takes the way of dropout.
    const steps = compute(withProbability(1e-12), flow);
    const fused = compute(withProbability(0), flow);
    expectClose('output', steps.output, fused.output, 1e-5);
    // Of a sum behind a normalisation it is zero but for rounding: then the 1 sets the scale.
    expectClose('gradient', [1, ...steps.inputGradient], [1, ...fused.inputGradient], 1e-4);
  });
});

test('a causal place does not see what comes after it', () => {
  const layer = planLayer('SelfAttention', optionsOf('SelfAttention', { heads: 2, is_causal: true }, [sequence]));
  const question = { shape: [1, ...sequence], training: false, seed: 3, threads: 1 };
  const input = numbers([1, ...sequence], 0);
  const before = loadAddon().computeModule(JSON.stringify(layer), { ...question, input });
  const changed = input.with(3 * 8, 9);
  const after = loadAddon().computeModule(JSON.stringify(layer), { ...question, input: changed });
  expect(after.output.subarray(0, 3 * 8)).toEqual(before.output.subarray(0, 3 * 8));
  expect(after.output.subarray(4 * 8)).not.toEqual(before.output.subarray(4 * 8));
});

test('features that cannot be divided among the heads are refused in words', () => {
  const refused = () =>
    findLayerType('SelfAttention')!.outputs(optionsOf('SelfAttention', { heads: 3 }, [sequence]), [sequence]);
  expect(refused).toThrow('cannot divide 8 features among 3 heads');
});
