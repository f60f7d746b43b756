import { createPinia, setActivePinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import { insertModules, removeModules } from '../../../core/editing/modules.ts';
import { emptyProject } from '../../../core/project/empty-project.ts';
import type { Optimizer, Project } from '../../../core/project/project.ts';
import { followDrafts } from '../../../renderer/features/project/drafts.ts';
import type { Draft } from '../../../renderer/features/project/drafts.ts';
import { useDrafts } from '../../../renderer/features/project/drafts-store.ts';
import { withField } from '../../../renderer/features/project/field-path.ts';

const conv = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3 } } as const;
const project: Project = {
  ...emptyProject,
  networks: { main: { type: 'Sequential', children: [{ type: 'ReLU' }, conv] } },
  recipe: { ...emptyProject.recipe, optimizer: { type: 'SGD', momentum: 0.9 } },
};

const draft = (at: string): Draft => ({ at, part: 0, text: 'abc', refusal: 'It must be a number.' });
const left = (at: string, after: Project) => followDrafts([draft(at)], project, after).map((one) => one.at);

describe('what a field refused', () => {
  it('stays while another setting changes', () => {
    const after = withField(project, 'recipe.epochs', 3);
    expect(left('recipe.schedule.rate', after)).toEqual(['recipe.schedule.rate']);
    expect(left('recipe.seed', after)).toEqual(['recipe.seed']);
  });

  it('ends when its own value changes, as by an undo', () => {
    expect(left('recipe.schedule.rate', withField(project, 'recipe.schedule.rate', 0.1))).toEqual([]);
  });

  it('ends with the kind of setting that had the field, written or not', () => {
    const adam: Optimizer = { type: 'Adam' };
    const after = withField(project, 'recipe.optimizer', adam);
    expect(left('recipe.optimizer.momentum', after)).toEqual([]);
    expect(left('recipe.optimizer.dampening', after)).toEqual([]);
    expect(left('data.import.size', withField(project, 'data.source', 'cifar10'))).toEqual([]);
  });

  it('moves with its module and ends with it', () => {
    const at = 'networks.main.children[1].options.padding';
    const moved = insertModules(project, { address: 'networks.main.children[0]', side: 'at' }, [{ type: 'Flatten' }]);
    expect(left(at, moved.project)).toEqual(['networks.main.children[2].options.padding']);
    expect(left(at, removeModules(project, ['networks.main.children[1]']).project)).toEqual([]);
    expect(left(at, withField(project, 'networks.main.children[1].options.stride', 2))).toEqual([at]);
  });
});

describe('undo', () => {
  it('takes away what was refused since the project changed, the last one first, and nothing older', () => {
    setActivePinia(createPinia());
    const drafts = useDrafts();
    drafts.put(draft('recipe.seed'));
    drafts.follow(project, withField(project, 'recipe.epochs', 3));
    expect(drafts.canUndo).toBe(false);
    drafts.put(draft('recipe.batchSize'));
    drafts.put({ ...draft('recipe.batchSize'), text: 'abcd' });
    expect(drafts.undo()).toBe(true);
    expect(drafts.failures.map(({ at }) => at)).toEqual(['recipe.seed']);
    expect(drafts.undo()).toBe(false);
  });
});
