import { describe, expect, it } from 'vitest';
import type { EpochFinished, LossAndAccuracy } from '../../../core/training/events.ts';
import { bestScore, epochColumns } from '../../../renderer/features/train/epoch-columns.ts';

function epoch(number: number, train: LossAndAccuracy, test: LossAndAccuracy): EpochFinished {
  const figures = { learningRate: 0.1, train, test, seconds: 2, imagesPerSecond: 1000 };
  return { event: 'epochFinished', run: 'r', epoch: number, epochs: 3, ...figures };
}

const errors = (rootMeanSquare: number) => ({
  loss: 1,
  accuracy: null,
  errors: { meanAbsolute: rootMeanSquare / 2, rootMeanSquare },
});
const both = (loss: number, generatorLoss: number) => ({ loss, accuracy: null, generatorLoss });

function shown(row: EpochFinished): Readonly<Record<string, string>> {
  return Object.fromEntries(epochColumns([row]).map(({ title, show }) => [title, show(row)]));
}

describe('columns of the table of epochs', () => {
  it('are accuracies of a classifier, the greatest of which is the best, averaged weights included', () => {
    const right = (accuracy: number) => ({ loss: 0.5, accuracy });
    const epochs = [{ ...epoch(1, right(0.99), right(0.7)), averaged: right(0.8) }, epoch(2, right(0.9), right(0.75))];
    const columns = epochColumns(epochs);
    expect(columns.map(({ title }) => title)).toEqual([
      ...['Epoch', 'Rate', 'Train loss', 'Train accuracy', 'Test loss', 'Test accuracy', 'Averaged'],
      ...['Time', 'Images/s'],
    ]);
    expect(bestScore(columns, epochs)).toBe(0.8);
  });

  it('are errors of a regression, the least of which is the best', () => {
    const epochs = [epoch(1, errors(1), errors(3)), epoch(2, errors(1), errors(2))];
    expect(bestScore(epochColumns(epochs), epochs)).toBe(2);
    expect(shown(epochs[0]!)).toMatchObject({ 'Train error': '1', 'Test mean absolute': '1.5', 'Test error': '3' });
  });

  it('are the losses of both networks of a generator, none of which is the best', () => {
    const epochs = [epoch(1, both(0.5, 3.5), both(0.25, 1.25))];
    expect(shown(epochs[0]!)).toEqual({
      ...{ Epoch: '1', Rate: '0.1', Discriminator: '0.5000', Generator: '3.5000' },
      ...{ 'Discriminator, test images': '0.2500', 'Generator, test images': '1.2500' },
      ...{ Time: '2.0 s', 'Images/s': '1,000' },
    });
    expect(bestScore(epochColumns(epochs), epochs)).toBeNull();
  });
});
