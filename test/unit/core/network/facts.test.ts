import { describe, expect, it } from 'vitest';
import { factsOf, isUnused } from '../../../../core/network/facts.ts';
import type { Blocks, NetworkNode } from '../../../../core/network/tree.ts';

const conv = (channels: number | string): NetworkNode => ({
  type: 'Conv2d',
  options: { out_channels: channels, kernel_size: 3, padding: 1 },
});
const blocks: Blocks = { Unit: { parameters: [{ name: 'out' }], body: { type: 'Residual', body: conv('out') } } };
const unit: NetworkNode = { type: 'Block', block: 'Unit', arguments: { out: 4 } };

describe('facts of a network', () => {
  it('know every module that works: of copies the first, parameters of all', () => {
    const network: NetworkNode = { type: 'Sequential', children: [conv(4), { type: 'Repeat', count: 3, body: unit }] };
    const { modules, failure, resolved } = factsOf(network, blocks, [[1, 8, 8]]);
    expect(failure).toBeNull();
    expect(resolved?.output).toEqual([4, 8, 8]);
    const parameters = (address: string) => modules.get(address)?.parameters;
    expect(parameters('networks.main.children[0]')).toBe(4 * 9 + 4);
    expect(parameters('networks.main.children[1]')).toBe(3 * (4 * 4 * 9 + 4));
    expect(parameters('networks.main.children[1].body')).toBe(4 * 4 * 9 + 4);
    expect(modules.get('networks.main.children[1].body/blocks.Unit.body.body')).toMatchObject({
      key: '1.0.body',
      options: { in_channels: 4, out_channels: 4 },
    });
  });

  it('name the first module that cannot work, and know those before it', () => {
    const network: NetworkNode = {
      type: 'Sequential',
      children: [conv(4), { type: 'Conv2d', options: { in_channels: 3, out_channels: 4, kernel_size: 3 } }, conv(4)],
    };
    const { modules, failure, faulty, resolved } = factsOf(network, {}, [[1, 8, 8]]);
    expect(failure?.message).toContain('expects 3 channels but receives 4');
    expect(faulty).toBe('networks.main.children[1]');
    expect(resolved).toBeNull();
    expect([...modules.keys()]).toEqual(['networks.main.children[0]']);
  });

  it('tell the shortcuts that are not used where they stand', () => {
    const body: NetworkNode = { type: 'Sequential', children: [conv('out')] };
    const both: Blocks = {
      Unit: {
        parameters: [{ name: 'out' }],
        body: { type: 'Residual', body, shortcut: body, shortcutWhere: 'changed' },
      },
    };
    const facts = factsOf({ type: 'Sequential', children: [unit, unit] }, both, [[1, 8, 8]]);
    const at = (index: number, field: string) => `networks.main.children[${index}]/blocks.Unit.body.${field}`;
    const unused = ['body', 'shortcut', 'shortcut.children[0]', 'shortcuts'].map((field) =>
      [0, 1].map((index) => isUnused(facts, at(index, field))),
    );
    expect(unused).toEqual([
      [false, false],
      [false, true],
      [false, true],
      [false, false],
    ]);
    expect(facts.modules.get('networks.main')?.parameters).toBe(2 * (4 * 9 + 4) + (4 * 4 * 9 + 4));
  });

  it('blame a module inside of a Block where it stands in the instance', () => {
    const bad: Blocks = { Unit: { parameters: [{ name: 'out' }], body: { type: 'Residual', body: conv('2*out') } } };
    const network: NetworkNode = { type: 'Sequential', children: [conv(4), unit] };
    expect(factsOf(network, bad, [[1, 8, 8]]).faulty).toBe('networks.main.children[1]/blocks.Unit.body');
  });
});
