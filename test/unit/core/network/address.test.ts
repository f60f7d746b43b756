import { describe, expect, it } from 'vitest';
import { addressAround, moduleAt, rootOf, spotAt, withTree } from '../../../../core/network/address.ts';
import type { Blocks, NetworkNode } from '../../../../core/network/tree.ts';

const relu: NetworkNode = { type: 'ReLU' };
const main: NetworkNode = {
  type: 'Sequential',
  children: [relu, { type: 'Repeat', count: 2, body: { type: 'Block', block: 'Unit' } }],
};
const blocks: Blocks = { Unit: { parameters: [], body: { type: 'Sequential', children: [relu, { type: 'Tanh' }] } } };
const project = { networks: { main }, blocks };
const instance = 'networks.main.children[1].body';
const inside = `${instance}/blocks.Unit.body.children[1]`;

describe('addresses of modules', () => {
  it('tell the tree and the way down it', () => {
    expect(spotAt(instance)).toEqual({ tree: 'networks.main', path: ['children', 1, 'body'] });
    expect(spotAt(inside)).toEqual({ tree: 'blocks.Unit.body', path: ['children', 1] });
    expect(rootOf(inside)).toBe(`${instance}/blocks.Unit.body`);
  });

  it('lead from a module to the containers around it, out of a definition to its instance', () => {
    const chain = [inside];
    for (let outer = addressAround(inside); outer !== undefined; outer = addressAround(outer)) chain.push(outer);
    expect(chain).toEqual([
      inside,
      `${instance}/blocks.Unit.body`,
      instance,
      'networks.main.children[1]',
      'networks.main',
    ]);
  });

  it('find modules, and refuse where there is none', () => {
    expect(moduleAt(project, inside)).toEqual({ type: 'Tanh' });
    for (const wrong of ['networks.main.children[2]', 'networks.other', 'blocks.None.body', 'recipe.epochs', '']) {
      expect(() => moduleAt(project, wrong), wrong).toThrow(/no module/);
    }
  });

  it('change a definition for all its instances, and leave the rest the same object', () => {
    const changed = withTree(project, 'blocks.Unit.body', () => relu);
    expect(changed.blocks['Unit']!.body).toBe(relu);
    expect(changed.networks).toBe(project.networks);
    expect(withTree(project, 'networks.main', (root) => root)).toBe(project);
  });
});
