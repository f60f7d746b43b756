import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TestPredictions } from '../../../core/contract/evaluation.ts';
import { predictionTable, targetTitles } from '../../../core/evaluation/tables.ts';
import { openWindow, rendered } from './rendered.ts';

const predictions = {
  ...{ run: 'prices-1', epoch: 1, step: 0, weights: 'last', hasAverage: false, classNames: [], inputShape: [1] },
  ...{ hasImages: false, hasViews: false, samples: 2, classes: 2, loss: 0.5, averaged: null, views: 1 },
  ...{ probabilities: Float32Array.of(1, 2, 3, 4), targets: Float32Array.of(1, 1, 3, 5), labels: new Int32Array(0) },
  ...{ evaluateViews: 'plain', columnNames: ['size'], targetNames: ['price'], targetMeans: [2, 3] },
  ...{ positions: { unit: 'line', numbers: Int32Array.of(2, 7) }, files: null, isTargetStandardised: false },
} as unknown as TestPredictions;

beforeEach(() => {
  openWindow({ 'evaluation.rows': new Float64Array(2) });
});
afterEach(() => vi.unstubAllGlobals());

describe('the numbers of a regression', () => {
  it.each(['RegressionPanel', 'LargestErrors'])('can be saved as a table: %s', async (panel) => {
    expect(await rendered(`features/evaluate/${panel}.vue`, { predictions })).toMatch(/<button[^]*CSV\s*<\/button>/);
  });

  it('are those that the command line writes, with the place of each sample', () => {
    const { probabilities, targets, targetNames, classes, positions, files } = predictions;
    const table = predictionTable(probabilities, targets!, targetTitles(targetNames, classes), { positions, files });
    expect(table.split('\r\n').slice(0, 3)).toEqual([
      'sample,line,price,price predicted,price error,target 2,target 2 predicted,target 2 error',
      '0,2,1,1,0,1,2,1',
      '1,7,3,3,0,5,4,-1',
    ]);
  });
});
