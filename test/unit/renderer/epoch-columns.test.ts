import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../core/figures/measured.ts';
import type { EpochFinished } from '../../../core/training/events.ts';
import { bestScore, epochColumns } from '../../../renderer/features/train/epoch-columns.ts';

function epoch(number: number, train: Measured, test: Measured): EpochFinished {
  const figures = { learningRate: 0.1, train, test, seconds: 2, imagesPerSecond: 1000 };
  return { event: 'epochFinished', run: 'r', epoch: number, epochs: 3, ...figures };
}

const errors = (rootMeanSquare: number) => ({
  loss: 1,
  meanAbsolute: rootMeanSquare / 2,
  rootMeanSquare,
});
const both = (loss: number, generatorLoss: number) => ({ loss, generatorLoss });

function shown(row: EpochFinished): Readonly<Record<string, string>> {
  return Object.fromEntries(epochColumns([row]).map(({ title, show }) => [title, show(row)]));
}

describe('columns of the table of epochs', () => {
  it('are accuracies of a classifier, the greatest of which is the best, averaged weights included', () => {
    const right = (accuracy: number) => ({ loss: 0.5, accuracy });
    const epochs = [{ ...epoch(1, right(0.99), right(0.7)), averaged: right(0.8) }, epoch(2, right(0.9), right(0.75))];
    const columns = epochColumns(epochs);
    expect(columns.map(({ title }) => title)).toEqual([
      ...['Epoch', 'Learning rate', 'Train loss', 'Train accuracy', 'Test loss', 'Test accuracy', 'Averaged'],
      ...['Time', 'Samples/s'],
    ]);
    expect(bestScore(columns, epochs)).toEqual({ epoch: 1, title: 'Averaged', score: 0.8 });
    const again = [...epochs, epoch(3, right(0.9), right(0.8)), epoch(4, right(0.9), right(0.8))];
    expect(bestScore(columns, again)?.epoch).toBe(1);
    // Of equal accuracies the lower loss.
    const surer = [...again, epoch(5, right(0.9), { loss: 0.1, accuracy: 0.8 })];
    expect(bestScore(columns, surer)?.epoch).toBe(5);
  });

  it('are errors of a regression, the least of which is the best', () => {
    const epochs = [epoch(1, errors(1), errors(3)), epoch(2, errors(1), errors(2))];
    expect(bestScore(epochColumns(epochs), epochs)).toEqual({ epoch: 2, title: 'Test RMSE', score: 2 });
    expect(shown(epochs[0]!)).toMatchObject({ 'Train RMSE': '1', 'Test MAE': '1.5', 'Test RMSE': '3' });
  });

  it('are the losses of both networks of a generator, none of which is the best', () => {
    const epochs = [epoch(1, both(0.5, 3.5), both(0.25, 1.25))];
    expect(shown(epochs[0]!)).toEqual({
      ...{ Epoch: '1', 'Learning rate': '0.1', Discriminator: '0.5000', Generator: '3.5000' },
      ...{ 'Discriminator, test images': '0.2500', 'Generator, test images': '1.2500' },
      ...{ Time: '2.0 s', 'Samples/s': '1,000' },
    });
    expect(bestScore(epochColumns(epochs), epochs)).toBeNull();
  });
});
