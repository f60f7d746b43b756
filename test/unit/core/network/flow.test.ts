import { describe, expect, test } from 'vitest';
import type { Flow } from '../../../../core/catalogue/shape.ts';
import { resolveNetwork } from '../../../../core/network/resolve.ts';
import type { JoinKind, NetworkNode } from '../../../../core/network/tree.ts';

const linear = (size: number): NetworkNode => ({ type: 'Linear', options: { out_features: size } });
const identity: NetworkNode = { type: 'Identity' };
const sequence = (...children: readonly NetworkNode[]): NetworkNode => ({ type: 'Sequential', children });
const branching = (type: 'Fork' | 'Join', kind: JoinKind, ...branches: readonly NetworkNode[]): NetworkNode => ({
  type,
  join: { kind },
  branches,
});

function resolved(network: NetworkNode, inputs: Flow) {
  const result = resolveNetwork(network, {}, inputs);
  if (!result.ok) throw new Error(result.failures[0]!.message);
  return result.network;
}

function refusal(network: NetworkNode, inputs: Flow): string {
  const result = resolveNetwork(network, {}, inputs);
  return result.ok ? 'works' : result.failures[0]!.message;
}

describe('a tuple between modules', () => {
  test('what a module does not take passes it by to the next that takes more', () => {
    const network = sequence(linear(5), linear(6), branching('Join', 'cat', identity, linear(2)), linear(3));
    const { inputs, outputs } = resolved(network, [[4], [7]]);
    expect({ inputs, outputs }).toEqual({ inputs: [[4], [7]], outputs: [[3]] });
  });

  test('a sequence takes no more than its modules do, one within another too', () => {
    const inner = sequence(linear(5), linear(6));
    const outer = resolved(sequence(inner, branching('Join', 'add', identity, linear(6))), [[4], [7]]);
    expect(outer.inputs).toEqual([[4], [7]]);
    const [first] = outer.type === 'Sequential' ? outer.children : [];
    expect(first!.inputs).toEqual([[4]]);
  });

  test('a Fork hands it on, a Join takes it, whatever stands between', () => {
    const tuple = branching('Fork', 'tuple', linear(2), linear(3), identity);
    const network = sequence(tuple, linear(8), branching('Join', 'cat', identity, identity, identity));
    expect(resolved(network, [[4]]).output).toEqual([8 + 3 + 4]);
  });

  test('copies and a shared body pass it on', () => {
    const pair = branching('Join', 'tuple', linear(3), identity);
    for (const shared of [true, false]) {
      const repeated: NetworkNode = { type: 'Repeat', count: 3, body: pair, ...(shared ? { shared } : {}) };
      const network = sequence(repeated, branching('Join', 'add', identity, identity));
      expect(resolved(network, [[3], [3]]).output).toEqual([3]);
    }
  });

  test.each<readonly [string, NetworkNode, Flow, RegExp]>([
    ['too few', branching('Join', 'cat', identity, identity), [[4]], /takes 2 tensors but receives one: \[4\]/],
    ['one left over at the beginning', linear(2), [[4], [5]], /takes only 1 of the network's 2 inputs/],
    ['several at the end', branching('Fork', 'tuple', identity, linear(2)), [[4]], /ends with 2 tensors/],
    [
      'several in a Residual',
      { type: 'Residual', body: branching('Fork', 'tuple', identity, identity) },
      [[4]],
      /needs one tensor from its body/,
    ],
    [
      'another shape in a shared body',
      { type: 'Repeat', count: 2, shared: true, body: branching('Join', 'tuple', linear(3), identity) },
      [[4], [4]],
      /can share only a body that keeps its shape/,
    ],
  ])('%s is refused in words', (_, network, inputs, sentence) => {
    expect(refusal(network, inputs)).toMatch(sentence);
  });
});
