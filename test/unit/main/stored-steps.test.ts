import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import { decodeSteps, encodeSteps } from '../../../main/runs/stored-steps.ts';
import { StepColumns, thinOut } from '../../../main/runs/step-series.ts';
import type { StepChunk } from '../../../main/runs/step-series.ts';

function chunk(steps: readonly number[], figures: Readonly<Record<string, readonly number[]>>): StepChunk {
  const columns = Object.entries(figures).map(([name, values]) => [name, Float64Array.from(values)] as const);
  return { step: Float64Array.from(steps), figures: new Map(columns) };
}

const all = [0, Number.MAX_SAFE_INTEGER, 1000] as const;

describe('steps as they are stored', () => {
  it('come back with the names of their columns, whatever these are', () => {
    const stored = chunk([1, 2, 2 ** 40], { loss: [0.1, NaN, 1e-300], 'not known yet': [1, 2, 3] });
    expect(decodeSteps(encodeSteps(stored).buffer, 'r')).toEqual(stored);
    const empty = chunk([], { loss: [] });
    expect(decodeSteps(encodeSteps(empty).buffer, 'r')).toEqual(empty);
  });

  it('of older versions are rows of six, of which a figure that was never measured is left out', () => {
    const rows = Float64Array.of(10, 0.5, NaN, 0.1, 900, 2, 20, 0.25, NaN, 0.1, 950, NaN);
    expect(decodeSteps(rows.buffer, 'r')).toEqual(
      chunk([10, 20], {
        loss: [0.5, 0.25],
        learningRate: [0.1, 0.1],
        imagesPerSecond: [900, 950],
        gradientNorm: [2, NaN],
      }),
    );
  });

  it('that are damaged are refused, and never misread', () => {
    const bytes = encodeSteps(chunk([1, 2], { loss: [0.5, 0.25] }));
    for (let length = 0; length < bytes.length; length++) {
      // Cut to nothing there are no older rows either.
      if (length === 0) continue;
      expect(() => decodeSteps(bytes.slice(0, length).buffer, 'r')).toThrow(FailureError);
    }
    for (const [at, value] of [
      [5, 255],
      [9, 0],
      [bytes.length - 40, 0x22],
    ] as const) {
      const damaged = bytes.slice();
      damaged[at] = value;
      expect(() => decodeSteps(damaged.buffer, 'r')).toThrow(FailureError);
    }
  });

  it('of several versions lie in one series, with gaps where one did not measure', () => {
    const series = thinOut([chunk([1], { loss: [1] }), chunk([2], { loss: [2], accuracy: [0.5] })], ...all);
    expect(series.step).toEqual(Float64Array.of(1, 2));
    expect(series.figures).toEqual({ loss: Float32Array.of(1, 2), accuracy: Float32Array.of(NaN, 0.5) });
  });

  it('are thinned out over all chunks alike, always with the last', () => {
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const chunks = [numbers.slice(0, 3), numbers.slice(3)].map((steps) => chunk(steps, { loss: steps }));
    expect(thinOut(chunks, 0, 100, 4).step).toEqual(Float64Array.of(1, 4, 7, 10));
    expect(thinOut(chunks, 3, 8, 100).step).toEqual(Float64Array.of(3, 4, 5, 6, 7, 8));
    expect(thinOut(chunks, 20, 30, 4).step).toHaveLength(0);
  });

  it('are collected by name, and an accuracy that does not exist has no column', () => {
    const steps = new StepColumns();
    const place = { event: 'step', run: 'r', epoch: 2, epochs: 2, steps: 10, secondsLeft: null } as const;
    const values = { learningRate: 0.1, imagesPerSecond: 900 };
    for (const step of [5, 6, 7]) {
      const norm = step === 6 ? { gradientNorm: 3 } : {};
      steps.add({ ...place, step, train: { loss: step, rootMeanSquare: 1 }, ...values, ...norm });
    }
    const series = steps.series();
    expect(series.step).toEqual(Float64Array.of(15, 16, 17));
    expect(Object.keys(series.figures)).toEqual(['loss', 'learningRate', 'imagesPerSecond', 'gradientNorm']);
    expect(series.figures.gradientNorm).toEqual(Float32Array.of(NaN, 3, NaN));
    steps.keepLast(1);
    expect(steps.series().step).toEqual(Float64Array.of(17));
    steps.clear();
    expect(steps.length).toBe(0);
  });
});
