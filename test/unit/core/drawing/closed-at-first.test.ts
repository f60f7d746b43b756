import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closedAtFirst, drawNetwork } from '../../../../core/drawing/draw.ts';
import type { Blocks, NetworkNode } from '../../../../core/network/tree.ts';
import { networks } from '../network/arbitrary-network.ts';

const root = 'networks.main';

function shown(main: NetworkNode, blocks: Blocks = {}): readonly string[] {
  const project = { networks: { main }, blocks };
  const { modules } = drawNetwork(project, null, { root, closed: closedAtFirst(project) });
  return modules.map(({ address }) => address);
}

function sequence(length: number, child: NetworkNode): NetworkNode {
  return { type: 'Sequential', children: Array.from({ length }, () => child) };
}

test('a small network is open', () => {
  fc.assert(
    fc.property(fc.array(networks, { maxLength: 3 }), (children) => {
      const main: NetworkNode = { type: 'Sequential', children };
      const all = drawNetwork({ networks: { main } }, null, { root, closed: new Set() }).modules.length;
      fc.pre(all < 60);
      expect(closedAtFirst({ networks: { main } })).toEqual(new Set());
    }),
  );
});

test('of a thousand modules at most sixty are drawn, levels from the outside first', () => {
  const main = sequence(10, sequence(10, sequence(10, { type: 'ReLU' })));
  const drawn = shown(main);
  expect(drawn.length).toBeLessThanOrEqual(60);
  expect(drawn).toContain(`${root}.children[0].children[9]`);
  expect(drawn).not.toContain(`${root}.children[0].children[0].children[0]`);
});

test("the network's own level is drawn however long it is", () => {
  expect(shown(sequence(100, { type: 'ReLU' }))).toHaveLength(100);
});

test('of a Block the first instance is open where not all have room', () => {
  const blocks: Blocks = { Unit: { parameters: [], body: sequence(8, { type: 'ReLU' }) } };
  const drawn = shown(sequence(8, { type: 'Block', block: 'Unit' }), blocks);
  const inner = drawn.filter((address) => address.includes('/'));
  expect(inner).toHaveLength(9);
  expect(inner.every((address) => address.startsWith(`${root}.children[0]/`))).toBe(true);
});

test('Blocks within Blocks that would unfold without end of paper stay closed', () => {
  const levels = Array.from({ length: 20 }, (_, level) => [
    `B${level}`,
    { parameters: [], body: sequence(4, level === 19 ? { type: 'ReLU' } : { type: 'Block', block: `B${level + 1}` }) },
  ]);
  const blocks = Object.fromEntries(levels) as Blocks;
  expect(shown({ type: 'Block', block: 'B0' }, blocks).length).toBeLessThanOrEqual(60);
});
