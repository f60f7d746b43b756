import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FailureError } from '../../../../core/failure.ts';
import { checkTrees } from '../../../../core/network/check-trees.ts';
import {
  duplicateNode,
  insertNode,
  isNothing,
  moveNode,
  removeNode,
  renameNode,
  replaceNode,
  setOptions,
} from '../../../../core/network/edit.ts';
import { nodeAt } from '../../../../core/network/node-path.ts';
import type { NodePath } from '../../../../core/network/node-path.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { unwrapNode, wrapNodes } from '../../../../core/network/wrap.ts';
import { networkNode } from '../../../../core/project/schema/network.ts';
import { networks, pathsOf, placed } from './arbitrary-network.ts';

function isValid(network: NetworkNode): boolean {
  return networkNode.safeParse(network).success && checkTrees({ main: network }, {}).length === 0;
}

/** What cannot be done leaves the tree as it is. */
function attempt(network: NetworkNode, edit: () => NetworkNode): NetworkNode {
  try {
    return edit();
  } catch (error) {
    if (error instanceof FailureError) return network;
    throw error;
  }
}

/** Where there is one of a list beside others, taking it out leaves no trace. */
function isOneOfSeveral(network: NetworkNode, path: NodePath): boolean {
  if (typeof path.at(-1) !== 'number') return false;
  const container = nodeAt(network, path.slice(0, -2));
  return 'branches' in container ? container.branches.length > 1 : true;
}

test('the trees of these properties are valid', () => {
  fc.assert(fc.property(networks, isValid));
});

describe('every edit of a valid tree is a valid tree', () => {
  const edits: Readonly<
    Record<string, (network: NetworkNode, path: NodePath, other: NetworkNode, to: NodePath) => NetworkNode>
  > = {
    insert: (network, path, other) => insertNode(network, path, other),
    remove: (network, path) => removeNode(network, path),
    move: (network, path, _other, to) => moveNode(network, path, to),
    replace: (network, path, other) => replaceNode(network, path, other),
    duplicate: (network, path) => duplicateNode(network, path),
    rename: (network, path) => renameNode(network, path, 'conv'),
    'take the name away': (network, path) => renameNode(network, path, undefined),
    'set an option': (network, path) => setOptions(network, path, { out_features: 3 }),
    'wrap as Residual': (network, path) => wrapNodes(network, path, 'Residual'),
    'wrap two as Fork': (network, path) => wrapNodes(network, path, 'Fork', 2),
    unwrap: (network, path) => unwrapNode(network, path),
  };

  test.each(Object.keys(edits))('%s', (name) => {
    let done = 0;
    fc.assert(
      fc.property(placed, placed, ([network, path], [other, to]) => {
        const edited = attempt(network, () => edits[name]!(network, path, other, to));
        if (edited !== network) done += 1;
        expect(isValid(edited)).toBe(true);
      }),
      // A place of another tree is seldom one of this: enough runs that every edit is met.
      { numRuns: 400 },
    );
    expect(done, 'edits that could be done').toBeGreaterThan(0);
  });

  test('and leaves the tree it was made from alone', () => {
    fc.assert(
      fc.property(placed, networks, ([network, path], other) => {
        const before = structuredClone(network);
        attempt(network, () => removeNode(network, path));
        attempt(network, () => insertNode(network, path, other));
        attempt(network, () => wrapNodes(network, path, 'Repeat'));
        attempt(network, () => unwrapNode(network, path));
        expect(network).toEqual(before);
      }),
    );
  });
});

describe('the inverse restores the tree', () => {
  test('insert, then remove', () => {
    fc.assert(
      fc.property(placed, networks, ([network, path], other) => {
        fc.pre(isOneOfSeveral(network, path));
        expect(removeNode(insertNode(network, path, other), path)).toEqual(network);
      }),
    );
  });

  test('remove, then insert', () => {
    fc.assert(
      fc.property(placed, ([network, path]) => {
        fc.pre(typeof path.at(-1) !== 'number' || isOneOfSeveral(network, path));
        const taken = nodeAt(network, path);
        expect(insertNode(removeNode(network, path), path, taken)).toEqual(network);
      }),
    );
  });

  test('move, then move back', () => {
    fc.assert(
      fc.property(placed, fc.nat(), ([network, from], seed) => {
        fc.pre(isOneOfSeveral(network, from));
        const rest = removeNode(network, from);
        const places = pathsOf(rest).filter((path) => isOneOfSeveral(rest, path) && !isNothing(nodeAt(rest, path)));
        fc.pre(places.length > 0);
        const to = places[seed % places.length]!;
        const moved = moveNode(network, from, to);
        // Among new siblings a name may have had to yield.
        fc.pre(nodeAt(moved, to).name === nodeAt(network, from).name);
        expect(moveNode(moved, to, from)).toEqual(network);
      }),
    );
  });

  test('replace, then put the old one back', () => {
    fc.assert(
      fc.property(placed, networks, ([network, path], other) => {
        expect(replaceNode(replaceNode(network, path, other), path, nodeAt(network, path))).toEqual(network);
      }),
    );
  });

  test.each(['Residual', 'Repeat', 'Fork', 'Recurrent'] as const)('wrap as %s, then unwrap', (wrapper) => {
    fc.assert(
      fc.property(placed, ([network, path]) => {
        expect(unwrapNode(wrapNodes(network, path, wrapper), path)).toEqual(network);
      }),
    );
  });

  test('wrap several as Sequential, then unwrap', () => {
    fc.assert(
      fc.property(networks, fc.nat(), fc.nat(), (network, first, length) => {
        fc.pre('children' in network && network.children.length > 1);
        const children = 'children' in network ? network.children : [];
        const index = first % (children.length - 1);
        const count = 2 + (length % (children.length - index - 1));
        const path = ['children', index];
        expect(unwrapNode(wrapNodes(network, path, 'Sequential', count), path)).toEqual(network);
      }),
    );
  });

  test('duplicate, then remove the second', () => {
    fc.assert(
      fc.property(placed, ([network, path]) => {
        fc.pre(typeof path.at(-1) === 'number');
        const second = [...path.slice(0, -1), Number(path.at(-1)) + 1];
        expect(removeNode(duplicateNode(network, path), second)).toEqual(network);
      }),
    );
  });
});

describe('setOptions', () => {
  const network: NetworkNode = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3 } };

  test('keeps what is not mentioned, takes back what is set to undefined', () => {
    const edited = setOptions(network, [], { stride: 2, kernel_size: undefined });
    expect(edited).toEqual({ type: 'Conv2d', options: { out_channels: 8, stride: 2 } });
  });

  test('refuses an option that the layer does not have', () => {
    expect(() => setOptions(network, [], { strides: 2 })).toThrow(/"strides".*Did you mean "stride"/);
  });
});

test('a newcomer yields its name to the one that has it', () => {
  const network: NetworkNode = { type: 'Sequential', children: [{ type: 'ReLU', name: 'act' }] };
  expect(insertNode(network, ['children', 0], { type: 'Tanh', name: 'act' })).toEqual({
    type: 'Sequential',
    children: [
      { type: 'Tanh', name: 'act2' },
      { type: 'ReLU', name: 'act' },
    ],
  });
});

test('an address where nothing stands is refused with itself', () => {
  const network: NetworkNode = { type: 'Sequential', children: [{ type: 'ReLU' }] };
  for (const path of [['children', 1], ['body'], ['children', 0, 'body'], ['children'], ['children', 0, 0]]) {
    expect(() => removeNode(network, path), JSON.stringify(path)).toThrow(FailureError);
  }
});
