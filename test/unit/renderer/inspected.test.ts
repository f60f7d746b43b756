import { describe, expect, it } from 'vitest';
import { initialiser } from '../../../core/project/schema/initialiser.ts';
import { resolveNetwork } from '../../../core/network/resolve.ts';
import { summarise } from '../../../core/network/summarise.ts';
import type { Blocks, NetworkNode } from '../../../core/network/tree.ts';
import { projectOf } from '../core/editing/arbitrary-project.ts';
import {
  blockAround,
  costsOf,
  kindsOf,
  namesAt,
  writtenAt,
} from '../../../renderer/features/design/inspector/inspected.ts';
import { kinds, methodsFor, newRule, withKind } from '../../../renderer/features/design/inspector/new-rule.ts';

const linear = (out: number | string): NetworkNode => ({ type: 'Linear', options: { out_features: out } });
const blocks: Blocks = { Layer: { parameters: [{ name: 'out' }], body: linear('out') } };
const network: NetworkNode = {
  type: 'Sequential',
  children: [
    { type: 'Repeat', count: 2, body: linear(4) },
    { type: 'Block', block: 'Layer', arguments: { out: 3 }, frozen: true },
    ...Array.from({ length: 9 }, (): NetworkNode => ({ type: 'ReLU' })),
    linear(2),
  ],
};

describe('what the inspector says of a module', () => {
  const resolution = resolveNetwork(network, blocks, [[4]]);
  if (!resolution.ok) throw new Error('the network does not work');
  const costs = (...addresses: readonly string[]) => costsOf(summarise(resolution.network), addresses);

  it('counts all copies of a Repeat', () => {
    expect(costs('networks.main.children[0]')).toMatchObject({ layers: 2, parameters: 2 * 20, multiplyAdds: 2 * 16 });
    expect(costs('networks.main.children[0].body').parameters).toBe(2 * 20);
  });

  it('counts what lies in a Block, and what of it is trained', () => {
    expect(costs('networks.main.children[1]')).toMatchObject({ parameters: 15, trainable: 0 });
    expect(costs('networks.main.children[1]/blocks.Layer.body').parameters).toBe(15);
  });

  it('does not take children[11] for children[1]', () => {
    expect(costs('networks.main.children[11]').parameters).toBe(8);
    expect(costs('networks.main.children[1]').layers).toBe(1);
  });

  it('counts what is selected twice once', () => {
    expect(costs('networks.main', 'networks.main.children[0]').parameters).toBe(40 + 15 + 8);
  });

  it('knows where a module of a Block is written, and what its expressions may use', () => {
    const address = 'networks.main.children[1]/blocks.Layer.body';
    expect(writtenAt(address)).toBe('blocks.Layer.body');
    expect(blockAround(address)).toBe('Layer');
    expect(namesAt(address, blocks)).toEqual(['out']);
    expect(namesAt('networks.main.children[1]', blocks)).toBeNull();
  });
});

describe('a new initialisation rule', () => {
  const all = kinds.flatMap(([kind]) => methodsFor(kind).map(([method]) => [kind, method] as const));

  it.each(all)('for %s by %s can be saved', (parameters, method) => {
    const rule = newRule(method, { parameters, types: ['Linear'], method: 'zeros' });
    expect(initialiser.safeParse(rule)).toMatchObject({ success: true });
    expect(rule).toMatchObject({ parameters, types: ['Linear'] });
  });

  it('takes another method where its own does not suit the parameters', () => {
    const rule = withKind({ parameters: 'weight', method: 'kaiming_normal', mode: 'fan_out' }, 'bias');
    expect(initialiser.safeParse(rule)).toMatchObject({ success: true });
    expect(rule.parameters).toBe('bias');
  });
});

describe('kinds of which several are selected', () => {
  const at = (index: number) => `networks.main.children[${index}]`;
  const block = (out: number): NetworkNode => ({ type: 'Block', block: 'Layer', arguments: { out } });
  const main: NetworkNode = {
    type: 'Sequential',
    children: [linear(4), block(3), linear(5), block(4), { type: 'ReLU' }],
  };
  const project = projectOf(main, blocks);

  it('are layers of one type and instances of one Block', () => {
    const kinds = kindsOf(project, [0, 1, 2, 3, 4].map(at));
    expect(kinds).toEqual([
      { title: 'Linear', addresses: [at(0), at(2)] },
      { title: 'Layer', addresses: [at(1), at(3)] },
    ]);
  });

  it('count once what two instances show of one definition', () => {
    const inside = [1, 3].map((index) => `${at(index)}/blocks.Layer.body`);
    expect(kindsOf(project, inside)).toEqual([]);
    expect(kindsOf(project, [...inside, at(0)])[0]?.addresses).toHaveLength(2);
  });
});
