import { describe, expect, it } from 'vitest';
import { paletteEntries } from '../../../renderer/app/palette-entries.ts';

const recipe = { name: 'mnist-conv', description: null, reference: null, text: '' };
const recipes = [recipe] as unknown as Parameters<typeof paletteEntries>[2];
const runs = [{ id: 'mnist-conv-20261121-110000-abc', name: 'my best', project: 'mnist-conv' }];
const keys = (words: string, isOpen = true, disabled: readonly string[] = []) =>
  paletteEntries(words, disabled, recipes, isOpen, runs).map(({ key }) => key);

describe('the command palette', () => {
  it.each([
    ['save picture', 'saveDrawingPng'],
    ['csv', 'showRuns'],
    ['learning rate', 'recipe.schedule.rate'],
    ['adam', 'recipe.optimizer'],
    ['mnist', 'recipe mnist-conv'],
    ['batchnorm', 'layer BatchNorm2d'],
    ['dense', 'layer Linear'],
    ['skip', 'container Residual'],
    ['skip connection', 'container Residual'],
    ['shortcut', 'container Residual'],
    ['rescale', 'layer Interpolate'],
    ['my best', 'run mnist-conv-20261121-110000-abc'],
    ['run mnist', 'run mnist-conv-20261121-110000-abc'],
  ])('finds by %s', (words, key) => expect(keys(words)).toContain(key));

  it('lists what a word stands for before what it is the beginning of', () => {
    expect(keys('dense')[0]).toBe('layer Linear');
  });

  it('has the commands alone where nothing is typed, without those that cannot be done', () => {
    expect(keys('')).not.toContain('recipe mnist-conv');
    expect(keys('', true, ['undo'])).not.toContain('undo');
    expect(keys('')).toContain('undo');
  });

  it('has no settings and layers where no project is open', () => {
    expect(keys('rate', false)).not.toContain('recipe.schedule.rate');
    expect(keys('linear', false)).not.toContain('layer Linear');
  });
});
