import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawNetwork } from '../../../../core/drawing/draw.ts';
import type { DrawnModule } from '../../../../core/drawing/drawing.ts';
import { addressAt, moduleAt, spotAt } from '../../../../core/network/address.ts';
import { insertNode } from '../../../../core/network/edit.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import { nodeAt } from '../../../../core/network/node-path.ts';
import type { Blocks, NetworkNode } from '../../../../core/network/tree.ts';
import { networks, pathsOf, placed } from '../network/arbitrary-network.ts';
import { faultsOf } from './geometry.ts';

const root = 'networks.main';
const nothing: ReadonlySet<string> = new Set();

interface Given {
  readonly view?: string;
  readonly closed?: ReadonlySet<string>;
  readonly blocks?: Blocks;
}

function draw(main: NetworkNode, { view = root, closed = nothing, blocks = {} }: Given = {}) {
  return drawNetwork({ networks: { main }, blocks }, factsOf(main, blocks, [[3, 8, 8]]), { root: view, closed });
}

function addresses(network: NetworkNode): readonly string[] {
  return pathsOf(network).map((path) => addressAt(root, path));
}

describe('a drawing of any network', () => {
  test('overlaps nowhere, keeps everything in its frame, and its lines run from box to box', () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(faultsOf(draw(network))).toEqual([]);
      }),
    );
  });

  test('holds every module once; a Sequential at the top has no frame', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const [top, ...inner] = addresses(network);
        const expected = network.type === 'Sequential' ? inner : [top!, ...inner];
        const drawn = draw(network).modules.map(({ address }) => address);
        expect(drawn.toSorted()).toEqual(expected.toSorted());
      }),
    );
  });

  test('draws a container before what is in it', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const drawn = draw(network).modules.map(({ address }) => address);
        for (const [index, { around }] of draw(network).modules.entries()) {
          if (around !== null) expect(drawn.slice(0, index)).toContain(around);
        }
      }),
    );
  });

  test('every drop point takes a module', () => {
    fc.assert(
      fc.property(networks, (network) => {
        for (const { address, side } of draw(network).drops) {
          const { path } = spotAt(address);
          if (side !== 'at') expect(nodeAt(network, path)).toBeDefined();
          else expect(nodeAt(insertNode(network, path, { type: 'Tanh' }), path)).toMatchObject({ type: 'Tanh' });
        }
      }),
    );
  });

  test('has a drop point at every position of a list and in every free slot, and each once', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const places = addresses(network).flatMap((address) =>
          freePlaces(nodeAt(network, spotAt(address).path), address),
        );
        const drops = draw(network).drops.filter(({ side }) => side === 'at');
        expect(drops.map(({ address }) => address).toSorted()).toEqual(places.toSorted());
      }),
    );
  });

  test('hides what lies in closed containers and is in order then, too', () => {
    const some = networks.chain((network) => fc.tuple(fc.constant(network), fc.subarray([...addresses(network)])));
    fc.assert(
      fc.property(some, ([network, closed]) => {
        const drawing = draw(network, { closed: new Set(closed) });
        const hidden = closed.filter((address) => address !== root);
        const seen = addresses(network).filter(
          (address) => !hidden.some((outer) => address !== outer && isWithin(address, outer)),
        );
        const expected = network.type === 'Sequential' ? seen.slice(1) : seen;
        expect(drawing.modules.map(({ address }) => address).toSorted()).toEqual(expected.toSorted());
        expect(faultsOf(drawing)).toEqual([]);
      }),
    );
  });

  test('of an entered module shows it and what is in it', () => {
    fc.assert(
      fc.property(placed, ([network, path]) => {
        const view = addressAt(root, path);
        const drawing = draw(network, { view });
        const seen = addresses(network).filter((address) => isWithin(address, view));
        const expected = nodeAt(network, path).type === 'Sequential' ? seen.slice(1) : seen;
        expect(drawing.modules.map(({ address }) => address).toSorted()).toEqual(expected.toSorted());
        expect(faultsOf(drawing)).toEqual([]);
      }),
    );
  });
});

function isWithin(address: string, outer: string): boolean {
  return address === outer || (address.startsWith(outer) && '.[/'.includes(address[outer.length]!));
}

function freePlaces(node: NetworkNode, address: string): readonly string[] {
  if ('children' in node) {
    return Array.from({ length: node.children.length + 1 }, (_, index) => `${address}.children[${index}]`);
  }
  if ('branches' in node) {
    return Array.from({ length: node.branches.length + 1 }, (_, index) => `${address}.branches[${index}]`);
  }
  if (node.type === 'Recurrent' && 'body' in node) {
    return (['before', 'after'] as const).filter((field) => !(field in node)).map((field) => `${address}.${field}`);
  }
  if (node.type !== 'Residual' || !('body' in node)) return [];
  const shortcut = node.shortcut === undefined ? [`${address}.shortcut`] : [];
  return node.after === undefined ? [...shortcut, `${address}.after`] : shortcut;
}

describe('cards', () => {
  const conv = { type: 'Conv2d', options: { out_channels: 4, kernel_size: 3, stride: 2, padding: 1 } };

  function card(drawing: readonly DrawnModule[], address: string): DrawnModule {
    return drawing.find((module) => module.address === `${root}.${address}`)!;
  }

  test('say what a layer does, makes and costs', () => {
    const { modules, marks } = draw({ type: 'Sequential', children: [conv, { type: 'ReLU', name: 'act' }] });
    expect(card(modules, 'children[0]')).toMatchObject({
      kind: 'card',
      type: 'Conv2d',
      family: 'convolution',
      details: '4, 3×3, stride 2, pad 1',
      shape: '4 × 4 × 4',
      parameters: '112',
      parametersInFull: '112',
      isFaulty: false,
    });
    expect(card(modules, 'children[1]')).toMatchObject({ name: 'act', details: '', parameters: '' });
    const huge = draw({ ...conv, options: { ...conv.options, out_channels: 1e9 } }).modules;
    expect(huge[0]).toMatchObject({ parameters: '28 G', parametersInFull: '28,000,000,000' });
    expect(marks.map(({ kind, label }) => [kind, label])).toEqual([
      ['input', '3 × 8 × 8'],
      ['output', '4 × 4 × 4'],
    ]);
  });

  test('write options as the layer takes them', () => {
    const layers: readonly (readonly [NetworkNode, string])[] = [
      [{ type: 'Linear', options: { out_features: 1000, bias: false } }, '1000'],
      [{ type: 'Dropout' }, '0.5'],
      [
        { type: 'MaxPool2d', options: { kernel_size: [3, 2], stride: [2, 2], ceil_mode: true } },
        '3×2, stride 2, round up',
      ],
      [{ type: 'AdaptiveAvgPool2d', options: { output_size: 1 } }, '1×1'],
      [{ type: 'LeakyReLU', options: { negative_slope: 0.2 } }, 'slope 0.2'],
      [{ type: 'GroupNorm', options: { num_groups: 8, affine: false } }, '8, no affine'],
      [
        { type: 'Conv2d', options: { out_channels: '4*out', kernel_size: 'k', padding: 'same' } },
        '4*out, k×k, pad same',
      ],
      [{ type: 'Block', block: 'B', arguments: { out: 64, stride: 'stride' } }, 'out 64, stride'],
      [{ type: 'Repeat', count: 3, shared: true, body: { type: 'ReLU' } }, '× 3, shared weights'],
      [{ type: 'MultiheadAttention', options: { num_heads: 8, is_causal: true } }, '8 heads, causal'],
      [
        { type: 'TransformerEncoder', options: { nhead: 4, num_layers: 6, dim_feedforward: 64, norm_first: true } },
        '4 heads, layers 6, feed-forward 64, norm first',
      ],
    ];
    for (const [node, details] of layers) {
      expect(card(draw({ type: 'Sequential', children: [node] }).modules, 'children[0]').details).toBe(details);
    }
  });

  test('of a shortcut that is not used here say so, and the line passes them by', () => {
    const out = { out_channels: 'out', kernel_size: 3, padding: 1 };
    const unit: NetworkNode = {
      type: 'Residual',
      body: { type: 'Conv2d', options: out },
      shortcut: { type: 'Conv2d', options: out },
      shortcutWhere: 'changed',
    };
    const instance: NetworkNode = { type: 'Block', block: 'Unit', arguments: { out: 4 } };
    const drawing = draw(
      { type: 'Sequential', children: [instance, instance] },
      { blocks: { Unit: { parameters: [{ name: 'out' }], body: unit } } },
    );
    expect(faultsOf(drawing)).toEqual([]);
    const shortcuts = drawing.modules.filter(({ role }) => role === 'shortcut');
    expect(shortcuts.map(({ isUnused, shape }) => [isUnused, shape])).toEqual([
      [false, '4 × 8 × 8'],
      [true, ''],
    ]);
    const lines = drawing.lines.filter(({ kind }) => kind === 'shortcut');
    expect(lines.map(({ points, hasArrow }) => [points.length, hasArrow])).toEqual([
      [4, true],
      [3, true],
      [5, true],
    ]);
  });

  test('blame the module that does not work, and a closed container for what is in it', () => {
    const wrong = { type: 'Conv2d', options: { in_channels: 5, out_channels: 4, kernel_size: 3 } };
    const main: NetworkNode = { type: 'Sequential', children: [conv, { type: 'Repeat', count: 2, body: wrong }, conv] };
    const faulty = (closed: readonly string[]) =>
      draw(main, { closed: new Set(closed) })
        .modules.filter(({ isFaulty }) => isFaulty)
        .map(({ address }) => address);
    expect(faulty([])).toEqual([`${root}.children[1].body`]);
    expect(faulty([`${root}.children[1]`])).toEqual([`${root}.children[1]`]);
    expect(card(draw(main).modules, 'children[2]').shape).toBe('');
    expect(draw(main).marks[0]).toMatchObject({ kind: 'input', label: '3 × 8 × 8' });
  });

  test('of closed containers give totals', () => {
    const main: NetworkNode = {
      type: 'Sequential',
      children: [{ type: 'Repeat', count: 2, body: { type: 'Linear', options: { out_features: 8 } } }],
    };
    const { modules } = draw(main, { closed: new Set([`${root}.children[0]`]) });
    expect(modules).toMatchObject([
      { kind: 'closed', details: '× 2, 1 module', shape: '3 × 8 × 8', parameters: '144' },
    ]);
  });

  test('under a frozen module are frozen, unless they say otherwise', () => {
    const inner: NetworkNode = { type: 'Sequential', children: [conv, { ...conv, frozen: false }] };
    const { modules } = draw({
      type: 'Sequential',
      children: [{ type: 'Repeat', count: 1, body: inner, frozen: true }],
    });
    const frozen = modules.filter(({ isFrozen, kind }) => isFrozen && kind === 'card').map(({ address }) => address);
    expect(frozen).toEqual([`${root}.children[0].body.children[0]`]);
    const entered = draw({ type: 'Repeat', count: 1, body: inner, frozen: true }, { view: `${root}.body` });
    expect(entered.modules.map(({ isFrozen }) => isFrozen)).toEqual([true, false]);
  });
});

describe('Blocks', () => {
  const blocks: Blocks = {
    Unit: { parameters: [], body: { type: 'Sequential', children: [{ type: 'ReLU' }, { type: 'Tanh' }] } },
    Outer: { parameters: [], body: { type: 'Residual', body: { type: 'Block', block: 'Unit' } } },
    Endless: { parameters: [], body: { type: 'Repeat', count: 1, body: { type: 'Block', block: 'Endless' } } },
  };
  const instance = (block: string): NetworkNode => ({ type: 'Sequential', children: [{ type: 'Block', block }] });

  test('are drawn with their body, each module where it is written', () => {
    const drawing = draw(instance('Outer'), { blocks });
    expect(faultsOf(drawing)).toEqual([]);
    const inner = `${root}.children[0]/blocks.Outer.body.body`;
    expect(drawing.modules.map(({ address, type }) => [address, type])).toEqual([
      [`${root}.children[0]`, 'Outer'],
      [`${root}.children[0]/blocks.Outer.body`, 'Residual'],
      [inner, 'Unit'],
      [`${inner}/blocks.Unit.body`, 'Sequential'],
      [`${inner}/blocks.Unit.body.children[0]`, 'ReLU'],
      [`${inner}/blocks.Unit.body.children[1]`, 'Tanh'],
    ]);
    for (const { address, side } of drawing.drops.filter((drop) => drop.side !== 'at')) {
      expect(moduleAt({ networks: { main: instance('Outer') }, blocks }, address), side).toBeDefined();
    }
  });

  test('that are entered show their body', () => {
    const drawing = draw(instance('Unit'), { blocks, view: `${root}.children[0]` });
    expect(drawing.modules.map(({ type, around }) => [type, around])).toEqual([
      ['ReLU', null],
      ['Tanh', null],
    ]);
    expect(faultsOf(drawing)).toEqual([]);
  });

  test('that contain themselves or are missing are cards', () => {
    const endless = draw(instance('Endless'), { blocks });
    expect(endless.modules.map(({ type, kind }) => [type, kind])).toEqual([
      ['Endless', 'frame'],
      ['Repeat', 'frame'],
      ['Endless', 'closed'],
    ]);
    expect(draw(instance('Missing'), { blocks }).modules).toMatchObject([{ kind: 'closed', isFaulty: true }]);
  });
});

test('a module that is not there is refused in words', () => {
  expect(() => draw({ type: 'ReLU' }, { view: `${root}.children[3]` })).toThrow('There is no module at');
});
