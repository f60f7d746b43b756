import { describe, expect, it } from 'vitest';
import { fieldAt, withField } from '../../../renderer/features/project/field-path.ts';

const document = {
  recipe: { optimizer: { type: 'SGD', momentum: 0.9 }, epochs: 5 },
  phases: [{ epochs: 1 }, { epochs: 2 }],
};

describe('a place of a document', () => {
  it('is read; undefined where there is none', () => {
    expect(fieldAt(document, 'recipe.optimizer.momentum')).toBe(0.9);
    expect(fieldAt(document, 'phases[1].epochs')).toBe(2);
    expect(fieldAt(document, 'recipe.schedule.warmup.steps')).toBeUndefined();
  });

  it('is set without touching the document or what lies beside it', () => {
    const next = withField(document, 'recipe.epochs', 7);
    expect(next.recipe.epochs).toBe(7);
    expect(document.recipe.epochs).toBe(5);
    expect(next.recipe.optimizer).toBe(document.recipe.optimizer);
    expect(next.phases).toBe(document.phases);
    expect(Object.keys(next.recipe)).toEqual(['optimizer', 'epochs']);
  });

  it('is made with the objects missing on the way', () => {
    expect(withField<object>({}, 'augment.crop.padding', 4)).toEqual({ augment: { crop: { padding: 4 } } });
  });

  it('is taken away by undefined, so that the default holds', () => {
    expect(withField(document, 'recipe.optimizer.momentum', undefined).recipe.optimizer).toEqual({ type: 'SGD' });
  });

  it('takes the object with it that would be left empty, but no entry of a list', () => {
    expect(withField<object>({ type: 'Linear', options: { bias: false } }, 'options.bias', undefined)).toEqual({
      type: 'Linear',
    });
    expect(withField<object>({ groups: [{ weightDecay: 0 }] }, 'groups[0].weightDecay', undefined)).toEqual({
      groups: [{}],
    });
  });

  it('lies in lists too', () => {
    const next = withField(document, 'phases[0].epochs', 9);
    expect(next.phases.map(({ epochs }) => epochs)).toEqual([9, 2]);
    expect(next.phases[1]).toBe(document.phases[1]);
  });
});
