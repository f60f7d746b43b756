import { describe, expect, it } from 'vitest';
import { planNormalise } from '../../../../core/training/plan-normalise.ts';
import type { InputValues } from '../../../../core/training/plan-normalise.ts';
import { onChangedData, otherForm } from '../../../../core/training/run-data.ts';
import type { RunData } from '../../../../core/training/run-data.ts';

const statistics = { mean: [1_700_000_050, 3], std: [20, 2] };
const before = runData({ kind: 'floats', statistics, origins: [1_700_000_000, 0] });

function runData(values: InputValues): RunData {
  const normalise = planNormalise({ kind: 'zscore' }, 2, values);
  if (normalise.kind !== 'affine') throw new Error('the statistics are known');
  const split = { samples: 8, inputs: '', targets: '', sampleSum: 0 };
  return {
    ...{ source: '/t.csv', settings: {}, inputShape: [2], values, classNames: ['n', 'p'] },
    ...{ columnNames: ['time', 'x'], targetNames: ['y'], normalise, train: split, test: split },
  };
}

/** What the network is given for a row of the table, by way of the files. */
function normalised({ values, normalise: { scale, offset } }: RunData, row: readonly number[]): readonly number[] {
  return row.map((value, column) => (value - (values.origins?.[column] ?? 0)) * scale[column]! + offset[column]!);
}

describe('a run that is resumed on changed data', () => {
  it.each([
    ['other origins', [1_700_000_500, 2]],
    ['no origins', undefined],
  ])('normalises a row as it did before, where the new files have %s', (_, origins) => {
    const other = { mean: [1_700_000_900, 8], std: [5, 5] };
    const now = runData({ kind: 'floats', statistics: other, ...(origins && { origins }) });
    const row = [1_700_000_090, 7];
    const [time, x] = normalised(onChangedData(before, now), row);
    expect([time, x]).toEqual([expect.closeTo(2, 6), expect.closeTo(2, 9)]);
    expect(normalised(before, row)).toEqual([2, 2]);
    // The next comparison is with these files.
    expect(onChangedData(before, now).values.origins).toEqual(origins);
  });

  it('keeps the scale of its targets', () => {
    const of = (mean: number): RunData => ({
      ...before,
      targets: 1,
      targetStatistics: { mean: [mean], std: [mean / 2] },
    });
    expect(onChangedData(of(4), of(9)).targetStatistics).toEqual({ mean: [4], std: [2] });
  });

  it.each([
    ['a class has another name', { classNames: ['n', 'q'] }],
    ['classes have another order', { classNames: ['p', 'n'] }],
    ['a class is new', { classNames: ['n', 'p', 'q'] }],
    ['a column has another name', { columnNames: ['time', 'z'] }],
    ['columns have another order', { columnNames: ['x', 'time'] }],
    ['another column is the target', { targetNames: ['z'] }],
  ])('is refused where %s: its numbers would mean something else', (_, change) => {
    expect(otherForm(before, { ...before, ...change })).toMatchObject({ code: 'dataChanged' });
  });

  it('is refused where samples of bytes have become numbers', () => {
    expect(otherForm(before, before)).toBeNull();
    expect(otherForm(before, { ...before, values: { kind: 'bytes' } })).toMatchObject({ code: 'dataChanged' });
  });
});
