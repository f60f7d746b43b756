import { describe, expect, it } from 'vitest';
import { sgd } from '../../../core/catalogue/optimizers/sgd.ts';
import { settingName, settingTitle, withSettingNames } from '../../../renderer/features/project/field-labels.ts';

const labels = new Map([
  ['recipe.schedule.rate', 'Rate'],
  ['recipe.loss', 'Loss'],
  ['data.import.size', 'Image size'],
]);

describe('settings in problems', () => {
  it('are called what the forms call them, with their place', () => {
    expect(settingName(labels, 'recipe.schedule.rate')).toBe('Train › Rate');
    expect(settingName(labels, 'data.import.size')).toBe('Data › Image size');
    expect(settingName(labels, 'recipe.loss.type')).toBe('Train › Loss');
  });

  it('have their place alone before a form has shown them', () => {
    expect(settingName(labels, 'recipe.clip.at')).toBe('Train');
    expect(settingName(labels, 'data.source')).toBe('Data');
  });

  it('are named in sentences too', () => {
    expect(withSettingNames(labels, 'recipe.schedule.rate must be above recipe.clip.at.')).toBe(
      'Rate must be above recipe.clip.at.',
    );
  });
});

describe('settings of runs', () => {
  const document = {
    recipe: {
      epochs: 3,
      optimizer: { type: 'SGD', momentum: 0.9 },
      schedule: { type: 'Constant', rate: 0.1 },
      averaging: { kind: 'ema', decay: 0.9 },
    },
  };
  const title = (at: string) => settingTitle(new Map(), at, document);

  it('are called what the form has shown', () => {
    expect(settingTitle(labels, 'recipe.schedule.rate', document)).toBe(
      `Train › ${labels.get('recipe.schedule.rate')}`,
    );
  });

  it('are called what the catalogue declares', () => {
    expect(title('recipe.optimizer.momentum')).toBe(`Train › ${sgd.options.momentum.label}`);
  });

  it('have no path of the file otherwise', () => {
    expect(title('recipe.batchSize')).toBe('Train › Batch size');
    expect(title('recipe.optimizer.type')).toBe('Train › Optimizer');
    expect(title('recipe.schedule.phases[1].epochs')).toBe('Train › Schedule › Phases 2 › Epochs');
    expect(title('name')).toBe('Name');
  });
});
