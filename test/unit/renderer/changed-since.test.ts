import { describe, expect, it } from 'vitest';
import type { Project } from '../../../core/project/project.ts';
import { changedSince } from '../../../renderer/features/train/changed-since.ts';
import { smallDigits } from '../../small-digits.ts';

const none = { isNetwork: false, isData: false, settings: [] };
const withRecipe = (recipe: object): Project => ({ ...smallDigits, recipe: { ...smallDigits.recipe, ...recipe } });

describe('what has changed since a run began', () => {
  it('is nothing where only the order of fields, names or words differ', () => {
    const { recipe } = smallDigits;
    const turned = Object.fromEntries(Object.entries(recipe).toReversed()) as unknown as Project['recipe'];
    expect(changedSince(smallDigits, { ...smallDigits, name: 'other', description: 'new', recipe: turned })).toEqual(
      none,
    );
  });

  it('is the network, with its Blocks', () => {
    const main = { type: 'Sequential', children: [{ type: 'Flatten' }] } as const;
    expect(changedSince(smallDigits, { ...smallDigits, networks: { main } })).toEqual({ ...none, isNetwork: true });
    expect(changedSince(smallDigits, { ...smallDigits, blocks: { Stage: { parameters: [], body: main } } })).toEqual({
      ...none,
      isNetwork: true,
    });
  });

  it('is what the data are and how they are prepared', () => {
    const data = { ...smallDigits.data, normalise: { kind: 'zscore' } } as const;
    expect(changedSince(smallDigits, { ...smallDigits, data })).toEqual({ ...none, isData: true });
  });

  it('is every setting that was set, changed or taken away, but those that are asked for where it is resumed', () => {
    const now = withRecipe({ batchSize: 7, dropLast: true, epochs: 9, schedule: { type: 'Constant', rate: 1 } });
    const settings = ['recipe.batchSize', 'recipe.dropLast'];
    expect(changedSince(smallDigits, now)).toEqual({ ...none, settings });
    expect(changedSince(now, smallDigits)).toEqual({ ...none, settings });
  });

  it('is not what the training decided itself', () => {
    const unseeded = Object.entries(smallDigits.recipe).filter(([name]) => name !== 'seed');
    const project = {
      ...smallDigits,
      recipe: { ...Object.fromEntries(unseeded), precision: 'auto' },
    } as unknown as Project;
    const run = withRecipe({ precision: 'bfloat16', seed: 12 });
    const trained = { ...run, data: { ...run.data, standardiseTargets: true } };
    expect(changedSince(trained, project)).toEqual(none);
    // Nor where the project was opened from the run, with what was decided written out.
    const left = { ...trained, recipe: { ...trained.recipe, precision: 'auto' } } as Project;
    expect(changedSince(left, trained, 'bfloat16')).toEqual(none);
    expect(changedSince(left, smallDigits, 'bfloat16').settings).toEqual(['recipe.seed', 'recipe.precision']);
    expect(changedSince(trained, { ...project, data: { ...project.data, standardiseTargets: false } }).isData).toBe(
      true,
    );
  });
});
