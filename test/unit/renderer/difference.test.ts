import { describe, expect, it } from 'vitest';
import type { NetworkNode } from '../../../core/network/tree.ts';
import type { Project } from '../../../core/project/project.ts';
import { smallDigits } from '../../small-digits.ts';
import { differences, modulesAt } from '../../../renderer/features/runs/difference.ts';

describe('difference of projects', () => {
  it('names each setting that is not the same everywhere', () => {
    const one = { recipe: { epochs: 5, optimizer: { type: 'SGD', momentum: 0.9 } }, children: [{ type: 'ReLU' }] };
    const other = { recipe: { epochs: 5, optimizer: { type: 'Adam' } }, children: [{ type: 'GELU' }] };
    expect(differences([[one], [other]])).toEqual([
      { path: 'recipe.optimizer.type', values: [['SGD'], ['Adam']] },
      { path: 'recipe.optimizer.momentum', values: [[0.9], [undefined]] },
      { path: 'children[0].type', values: [['ReLU'], ['GELU']] },
    ]);
  });

  it('takes a list of figures as one setting, and finds nothing in equal documents', () => {
    expect(differences([[{ betas: [0.9, 0.999] }], [{ betas: [0.5, 0.999] }]])).toHaveLength(1);
    expect(differences([[{ a: [1] }], [{ a: [1] }]])).toEqual([]);
  });

  it('says what a run began with where a setting was changed while it was paused', () => {
    const recipe = (rate: number, epochs: number) => ({ schedule: { type: 'Constant', rate }, epochs });
    expect(differences([[recipe(0.05, 5), recipe(0.01, 5)], [recipe(0.01, 5)]])).toEqual([
      { path: 'schedule.rate', values: [[0.05, 0.01], [0.01]] },
    ]);
  });

  it('names a module as each project that has the setting does', () => {
    const of = (...children: readonly NetworkNode[]): Project => ({
      ...smallDigits,
      networks: { main: { type: 'Sequential', children } },
    });
    const one = of({ type: 'Flatten' }, { type: 'ReLU' });
    const other = of({ type: 'Linear', options: { out_features: 3 } }, { type: 'ReLU', name: 'bend' });
    const option = 'networks.main.children[0].options.out_features';
    expect(modulesAt([one, other], option)).toEqual(['Linear 0 › out_features']);
    expect(modulesAt([one, other], 'networks.main.children[1].type')).toEqual(['ReLU 1 › type', 'ReLU bend › type']);
    expect(modulesAt([one, one], 'networks.main.children[1].type')).toEqual(['ReLU 1 › type']);
    expect(modulesAt([one, other], 'recipe.epochs')).toEqual([]);
  });
});
