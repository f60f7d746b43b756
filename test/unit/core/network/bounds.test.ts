import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../core/network/expression.ts';
import { resolveNetwork } from '../../../../core/network/resolve.ts';
import type { Blocks, NetworkNode } from '../../../../core/network/tree.ts';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import { parseProject } from '../../../../core/project/parse.ts';
import { readJson } from '../../../../core/project/read-json.ts';
import { planOptimizer } from '../../../../core/training/plan-optimizer.ts';

const linear: NetworkNode = { type: 'Linear', options: { out_features: 3 } };
const sequence = (...children: NetworkNode[]): NetworkNode => ({ type: 'Sequential', children });
const use = (block: string, n?: number | string): NetworkNode => ({
  type: 'Block',
  block,
  ...(n === undefined ? {} : { arguments: { n } }),
});

function outcome(network: NetworkNode, blocks: Blocks = {}): string {
  const resolution = resolveNetwork(network, blocks, [[3]]);
  return resolution.ok ? 'ok' : (resolution.failures[0]?.code ?? '');
}

function chain(length: number, body: NetworkNode, within: (node: NetworkNode) => NetworkNode): NetworkNode {
  let node = body;
  for (let level = 0; level < length; level++) node = within(node);
  return node;
}

/** Blocks of which each uses the one before it `times` times. */
function doubling(count: number, times: number): Blocks {
  const names = Array.from({ length: count }, (_, index) => `B${index}`);
  const body = (index: number) =>
    index === 0 ? linear : sequence(...Array.from({ length: times }, () => use(`B${index - 1}`)));
  return Object.fromEntries(names.map((name, index) => [name, { parameters: [], body: body(index) }]));
}

describe('modules of a network', () => {
  it('are counted through Repeats and Blocks before any is made', () => {
    const repeated = chain(4, linear, (body) => ({ type: 'Repeat', count: 10_000, body }));
    expect(outcome(repeated)).toBe('badNetwork');
    expect(outcome(sequence(use('B99')), doubling(100, 2))).toBe('badNetwork');
    expect(outcome(sequence(use('B9')), doubling(10, 2))).toBe('ok');
    // Counts that differ from one instance to the next.
    const growing: Blocks = {
      grow: { parameters: [{ name: 'n' }], body: { type: 'Repeat', count: '1000*n', body: linear } },
    };
    expect(outcome(sequence(use('grow', 2), use('grow', 3)), growing)).toBe('ok');
    expect(outcome(sequence(use('grow', 9), { type: 'Repeat', count: 20, body: use('grow', 9) }), growing)).toBe(
      'badNetwork',
    );
    // A shared body is made once.
    const shared = chain(3, linear, (body) => ({ type: 'Repeat', count: 1000, shared: true, body }));
    expect(outcome(shared)).toBe('ok');
  });

  it('lie no deeper in each other than the limit, through Blocks too', () => {
    expect(outcome(chain(240, linear, sequence))).toBe('ok');
    expect(outcome(chain(260, linear, sequence))).toBe('badNetwork');
    expect(outcome(use('B299'), doubling(300, 1))).toBe('badNetwork');
  });

  it('are planned in their order, tens of thousands of them', () => {
    const count = 20_000;
    const resolution = resolveNetwork(sequence(...Array.from({ length: count }, () => linear)), {}, [[3]]);
    if (!resolution.ok) throw new Error('refused');
    const { groups } = planOptimizer(
      { type: 'SGD', groups: [{ kinds: ['bias'] }] } as unknown as Parameters<typeof planOptimizer>[0],
      resolution.network,
    );
    const names = (kind: string) => Array.from({ length: count }, (_, index) => `${index}.${kind}`);
    expect(groups.map(({ parameters }) => parameters)).toEqual([names('bias'), names('weight')]);
  });
});

describe('the text of a project', () => {
  const project = JSON.stringify(emptyProject);

  it('nested without end is refused rather than followed', () => {
    for (const levels of [300, 1000, 100_000]) {
      const deep = '{"type":"Sequential","children":['.repeat(levels) + ']}'.repeat(levels);
      const text = project.replace(/"main":\{[^}]*\}/, `"main":${deep}`);
      expect(text).not.toBe(project);
      const result = parseProject(text);
      expect(result.ok ? 'ok' : result.failures[0]?.code).toBe('badProject');
    }
  });

  it('may begin with a byte order mark, and is not quoted where it is no JSON', () => {
    expect(readJson(`\uFEFF${project}`).ok).toBe(true);
    for (const secret of ['root:x:0:0', '{"password": hunter2}', '[1, 2 secret]', '{"a": "secret']) {
      const read = readJson(secret);
      expect(read.ok ? '' : read.failures[0]?.message).toMatch(/^The project is not JSON: (?!.*(root|hunter|secret))/);
    }
  });
});

it('an expression without end is refused', () => {
  for (const text of [
    `${'('.repeat(3000)}1${')'.repeat(3000)}`,
    `${'-'.repeat(100_000)}1`,
    Array(20_000).fill(1).join('+'),
  ]) {
    expect(() => parseExpression(text)).toThrow('characters');
  }
  expect(parseExpression(`${'('.repeat(400)}1${')'.repeat(400)}`)).toEqual({ kind: 'number', value: 1 });
});
