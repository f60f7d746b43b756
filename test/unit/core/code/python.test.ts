import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pytorchText } from '../../../../core/code/pytorch-text.ts';
import { layersOf } from '../../../../core/network/resolved.ts';
import { codeCases } from '../../../baselines/code-cases.ts';
import baseline from '../../../baselines/python-code.json' with { type: 'json' };

const cases = codeCases();
const made = new Map(baseline.cases.map((one) => [one.name, one]));

test('Python has run every case', () => {
  expect(cases.map(({ name }) => name)).toEqual([...made.keys()]);
});

describe.each(cases)('$name', ({ name, resolved, code }) => {
  const ofPython = made.get(name)!;
  const layers = [...layersOf(resolved)];

  test('is the code that Python has run: npm run baselines -- python_code', () => {
    expect(createHash('sha256').update(code.text).digest('hex')).toBe(ofPython.code);
  });

  test('has our state dict, in its order', () => {
    const ours = layers.flatMap(({ parameters, buffers }) => [...parameters, ...buffers]);
    expect(ours.map(({ name: key, shape }) => [key, [...shape]])).toEqual(ofPython.state);
  });

  test('makes our output and freezes what is frozen', () => {
    const frozen = layers.filter((layer) => layer.frozen).flatMap(({ parameters }) => parameters);
    expect([...resolved.output]).toEqual(ofPython.output);
    expect(frozen.map(({ name: key }) => key)).toEqual(ofPython.frozen);
  });

  test('is printed as PyTorch prints it', () => {
    expect(pytorchText(resolved, code.inlined)).toBe(ofPython.text);
  });
});

test('parameters are filled by the rules', () => {
  const filled: Readonly<Record<string, readonly number[]>> = made.get('fills and frozen parameters')!.filled;
  const mean = (name: string) => filled[name]![0]!;
  const deviation = (name: string) => filled[name]![1]!;
  // He et al. 2015: gain / √fan, of a leaky ReLU of .01 and of a ReLU √2; the fans are 9 · 16 in and 9 · 64 out.
  expect(deviation('0.weight')).toBeCloseTo(Math.sqrt(2 / (1 + 1e-4) / 144), 2);
  expect(deviation('1.weight')).toBeCloseTo(Math.sqrt(2 / 576), 2);
  expect([filled['0.bias'], filled['2.weight'], filled['2.bias']]).toEqual([
    [0, 0],
    [0.5, 0],
    [1, 0],
  ]);
  expect(mean('6.weight')).toBeCloseTo(1, 1);
  expect(deviation('6.weight')).toBeCloseTo(0.25, 2);
  // Glorot and Bengio 2010: gain · √(2 / (in + out)), of tanh 5/3.
  expect(deviation('7.weight')).toBeCloseTo((5 / 3) * Math.sqrt(2 / 200), 2);
  expect(deviation('8.weight')).toBeCloseTo(Math.sqrt(2 / 200), 2);
});

test('a Block that each instance needs otherwise is written where it is used', () => {
  const inlined = cases.filter(({ code }) => code.inlined.size > 0).map(({ name }) => name);
  expect(inlined).toContain('a Block that grows, with a count');
});
