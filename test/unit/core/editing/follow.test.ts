import { describe, expect, it } from 'vitest';
import { followed } from '../../../../core/editing/follow.ts';
import { insertModules, moveModules, removeModules } from '../../../../core/editing/modules.ts';
import { setModuleOptions } from '../../../../core/editing/options.ts';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import type { Project } from '../../../../core/project/project.ts';

const stage = (name: string): NetworkNode => ({
  type: 'Sequential',
  name,
  children: [{ type: 'Linear', options: { out_features: 10 } }, { type: 'ReLU' }],
});
const project: Project = {
  ...emptyProject,
  networks: { main: { type: 'Sequential', children: [stage('a'), stage('b'), { type: 'Block', block: 'Unit' }] } },
  blocks: { Unit: { parameters: [], body: { type: 'Residual', body: stage('inner') } } },
};
const at = (index: number, rest = '') => `networks.main.children[${index}]${rest}`;
const target = (address: string) => ({ address, side: 'at' }) as const;

describe('a module followed through a change', () => {
  it('moves with what is inserted or removed before it', () => {
    const { project: more } = insertModules(project, target(at(0)), [{ type: 'Tanh' }]);
    expect(followed(project, more, at(1, '.children[1]'))).toBe(at(2, '.children[1]'));
    expect(followed(more, project, at(2))).toBe(at(1));
    expect(followed(more, project, at(0))).toBeUndefined();
    const { project: less } = removeModules(project, [at(0)]);
    expect(followed(project, less, at(0))).toBeUndefined();
    expect(followed(project, less, at(2, '/blocks.Unit.body.body'))).toBe(at(1, '/blocks.Unit.body.body'));
  });

  it('stays where only its options, or its parts, are others', () => {
    const { project: other } = setModuleOptions(project, at(1, '.children[0]'), { out_features: 20 });
    expect(followed(project, other, at(1))).toBe(at(1));
    expect(followed(project, other, at(1, '.children[0]'))).toBe(at(1, '.children[0]'));
    expect(followed(project, other, at(1, '.children[1]'))).toBe(at(1, '.children[1]'));
  });

  it('is found where it was moved to beside its like, and in a Block through its instance', () => {
    const { project: moved } = moveModules(project, [at(0)], target(at(2)));
    expect(followed(project, moved, at(0))).toBe(at(1));
    expect(followed(project, moved, at(1))).toBe(at(0));
    const inner = at(2, '/blocks.Unit.body.body.children[0]');
    const { project: shorter } = removeModules(project, [inner]);
    expect(followed(project, shorter, inner)).toBeUndefined();
    expect(followed(project, shorter, at(2, '/blocks.Unit.body.body.children[1]'))).toBe(inner);
  });
});
