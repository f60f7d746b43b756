import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { removeBlock, renameBlock, setBlockParameters } from '../../../../core/editing/blocks.ts';
import { copyText, pasteModules, readCopied } from '../../../../core/editing/clipboard.ts';
import { inlineBlock } from '../../../../core/editing/inline-block.ts';
import { makeBlock } from '../../../../core/editing/make-block.ts';
import { moveModules } from '../../../../core/editing/modules.ts';
import { readQuickInsert } from '../../../../core/editing/quick-insert.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import { layersOf } from '../../../../core/network/resolved.ts';
import type { BlockDefinition, NetworkNode } from '../../../../core/network/tree.ts';
import type { Project } from '../../../../core/project/project.ts';
import { projectOf, selections } from './arbitrary-project.ts';

function typed(text: string, blocks?: Readonly<Record<string, BlockDefinition>>): Project {
  const result = readQuickInsert(text, blocks ?? {});
  if (!result.ok) throw new Error(result.failures[0]!.message);
  return projectOf({ type: 'Sequential', children: result.nodes }, blocks);
}

/** Every parameter's name and shape, as in a state dict. */
function stateOf(project: Project): readonly string[] {
  const facts = factsOf(project.networks.main, project.blocks ?? {}, [[3, 32, 32]]);
  if (facts.resolved === null) throw new Error(facts.failure!.message);
  return [...layersOf(facts.resolved)].flatMap((layer) =>
    layer.parameters.map(({ name, shape }) => `${name} ${shape.join('x')} ${layer.frozen}`),
  );
}

const at = (index: number) => `networks.main.children[${index}]`;

describe('a Block made of a selection', () => {
  const project = typed('residual (conv 3 3 p1 bn relu conv 3 3 p1 bn) conv 8 3 bn relu');

  test('leaves the network as it is, names in the state dict too', () => {
    const bind = [{ address: at(1), option: 'out_channels', parameter: 'out' }];
    const { project: made, selection } = makeBlock(project, [at(3), at(1), at(2)], 'Unit', [{ name: 'out' }], bind);
    expect(selection).toEqual([at(1)]);
    expect(made.networks.main).toMatchObject({
      children: [{}, { type: 'Block', block: 'Unit', arguments: { out: 8 } }],
    });
    expect(stateOf(made).map((line) => line.replace(/^1\.0/, '1').replace(/^1\.1/, '2'))).toEqual(stateOf(project));
    const one = makeBlock(project, [at(0)], 'Basic', []);
    expect(stateOf(one.project)).toEqual(stateOf(project));
  });

  test('writes arguments only where they differ from the defaults', () => {
    const bind = [
      { address: at(1), option: 'out_channels', parameter: 'out' },
      { address: at(1), option: 'stride', parameter: 'stride' },
    ];
    const { project: made } = makeBlock(
      project,
      [at(1)],
      'Unit',
      [
        { name: 'out', default: 8 },
        { name: 'stride', default: 2 },
      ],
      bind,
    );
    expect(made.networks.main).toMatchObject({
      children: [{}, { type: 'Block', block: 'Unit', arguments: { stride: 1 } }, {}, {}],
    });
    expect(made.blocks!['Unit']!.body).toMatchObject({
      options: { out_channels: 'out', stride: 'stride', kernel_size: 3 },
    });
    expect(stateOf(made)).toEqual(stateOf(project));
  });

  test('keeps the name of the one module', () => {
    const named = projectOf({
      type: 'Sequential',
      children: [{ type: 'Conv2d', name: 'stem', options: { out_channels: 8, kernel_size: 3 } }],
    });
    const { project: made } = makeBlock(named, [at(0)], 'Stem', []);
    expect(made.networks.main).toEqual({
      type: 'Sequential',
      children: [{ type: 'Block', name: 'stem', block: 'Stem' }],
    });
    expect(stateOf(made)).toEqual(stateOf(named));
  });

  test('within a Block hands its parameters on', () => {
    const body: NetworkNode = {
      type: 'Sequential',
      children: [{ type: 'Conv2d', options: { out_channels: '2*out', kernel_size: 1 } }, { type: 'ReLU' }],
    };
    const outer = projectOf(
      { type: 'Block', block: 'Outer', arguments: { out: 4 } },
      { Outer: { parameters: [{ name: 'out' }], body } },
    );
    const inside = 'networks.main/blocks.Outer.body.children[0]';
    const { project: made } = makeBlock(outer, [inside], 'Inner', []);
    expect(made.blocks!['Outer']!.body).toMatchObject({
      children: [{ block: 'Inner', arguments: { out: 'out' } }, {}],
    });
    expect(stateOf(made)).toEqual(stateOf(outer));
  });

  test.each<readonly [what: string, name: string, indices: readonly number[], sentence: RegExp]>([
    ['no name', 'a b', [0], /name for a Block/],
    ['a name of a container', 'Residual', [0], /name of a container/],
    ['modules apart', 'Unit', [0, 2], /consecutive/],
    ['nothing', 'Unit', [], /Select a module/],
  ])('refuses %s', (_what, name, indices, sentence) => {
    expect(() => makeBlock(project, indices.map(at), name, [])).toThrow(sentence);
  });

  test('refuses a taken name, a parameter without a value, and one for two numbers', () => {
    const { project: made } = makeBlock(project, [at(1)], 'Unit', []);
    expect(() => makeBlock(made, [at(2)], 'Unit', [])).toThrow(/a Block "Unit" already/);
    expect(() => makeBlock(made, [at(2)], 'Conv2d', [])).toThrow(/"Conv2d" is the name of a layer/);
    expect(() => makeBlock(project, [at(1)], 'Unit', [{ name: 'out' }])).toThrow(/needs a value for "out"/);
    const bind = ['out_channels', 'kernel_size'].map((option) => ({ address: at(1), option, parameter: 'n' }));
    expect(() => makeBlock(project, [at(1)], 'Unit', [{ name: 'n' }], bind)).toThrow(/both 8 and 3/);
    const inferred = [{ address: at(1), option: 'in_channels', parameter: 'n' }];
    expect(() => makeBlock(project, [at(1)], 'Unit', [{ name: 'n' }], inferred)).toThrow(/single number/);
  });
});

const pair: Readonly<Record<string, BlockDefinition>> = {
  Conv: {
    parameters: [{ name: 'width' }, { name: 'stride', default: 1 }],
    body: { type: 'Conv2d', options: { out_channels: '2*width', kernel_size: 3, stride: 'stride', padding: 1 } },
  },
  Stage: {
    parameters: [{ name: 'out', default: 8 }],
    body: {
      type: 'Sequential',
      frozen: true,
      children: [
        { type: 'Block', block: 'Conv', arguments: { width: 'out - 2' } },
        { type: 'Repeat', count: 'out // 4', body: { type: 'ReLU' } },
      ],
    },
  },
};

describe('a Block put in the place of its instance', () => {
  const project = typed('Stage Stage 16 Conv 4 2', pair);

  test('leaves the state dict as it is, in a Block too', () => {
    let now = project;
    for (const address of [at(0), `${at(0)}.children[0]`, at(1), at(2)]) {
      now = inlineBlock(now, address).project;
      expect(stateOf(now)).toEqual(stateOf(project));
    }
    const inner = inlineBlock(project, `${at(1)}/blocks.Stage.body.children[0]`);
    expect(stateOf(inner.project)).toEqual(stateOf(project));
    expect(inner.project.blocks!['Stage']!.body).toMatchObject({
      children: [{ type: 'Conv2d', options: { out_channels: '2 * (out - 2)', stride: 1 } }, {}],
    });
  });

  test('refuses what is no instance', () => {
    expect(() => inlineBlock(typed('relu'), at(0))).toThrow(/instance of a Block/);
  });
});

describe('the definitions', () => {
  const project = typed('Stage Stage 16 Conv 4 2', pair);

  test('under another name keep their instances', () => {
    const { project: renamed } = renameBlock(project, 'Conv', 'Filter');
    expect(Object.keys(renamed.blocks!)).toEqual(['Filter', 'Stage']);
    expect(stateOf(renamed)).toEqual(stateOf(project));
    expect(renameBlock(renamed, 'Filter', 'Conv').project).toEqual(project);
    expect(() => renameBlock(project, 'Conv', 'Stage')).toThrow(/a Block "Stage" already/);
    expect(() => renameBlock(project, 'Nothing', 'Other')).toThrow(/no Block "Nothing"/);
  });

  test('go only when they are not used', () => {
    expect(() => removeBlock(project, 'Conv')).toThrow(/"Conv" is used 2 times/);
    expect(removeBlock(typed('relu', pair), 'Stage').project.blocks).toEqual({ Conv: pair['Conv'] });
    expect(removeBlock(typed('relu', { Conv: pair['Conv']! }), 'Conv').project).not.toHaveProperty('blocks');
  });

  test('take other parameters', () => {
    const [, stride] = pair['Conv']!.parameters;
    const renamed = setBlockParameters(project, 'Conv', [{ name: 'channels' }, stride!]).project;
    expect(renamed.blocks!['Conv']!.body).toMatchObject({ options: { out_channels: '2 * channels' } });
    expect(stateOf(renamed)).toEqual(stateOf(project));
    const added = setBlockParameters(project, 'Stage', [
      ...pair['Stage']!.parameters,
      { name: 'p', default: 1 },
    ]).project;
    expect(stateOf(added)).toEqual(stateOf(project));
    expect(() => setBlockParameters(project, 'Stage', [])).toThrow(/uses "out"/);
    expect(() => setBlockParameters(project, 'Stage', [...pair['Stage']!.parameters, { name: 'p' }])).toThrow(
      /needs a value for "p"/,
    );
    expect(() => setBlockParameters(project, 'Stage', [{ name: '1p' }])).toThrow(/name for a parameter/);
  });
});

describe('copied text', () => {
  const project = typed('Stage 16 Conv 4 2 relu', pair);

  test('is read as it was written', () => {
    fc.assert(
      fc.property(selections, ([any, addresses]) => {
        const text = copyText(any, addresses);
        const read = readCopied(text);
        if (!read.ok) throw new Error(read.failures[0]!.message);
        expect(JSON.parse(text)).toMatchObject({ format: 'torchwright-modules', version: 1, modules: read.nodes });
      }),
    );
  });

  test('brings its Blocks into another project', () => {
    const { project: pasted } = pasteModules(typed('relu'), { address: at(0), side: 'at' }, copyText(project, [at(0)]));
    expect(pasted.blocks).toEqual({ Conv: pair['Conv'], Stage: pair['Stage'] });
  });

  test('brings a Block that differs under another name, and those that use it', () => {
    const other = typed('Conv 4', { ...pair, Conv: { ...pair['Conv']!, body: { type: 'ReLU' } } });
    const { project: pasted } = pasteModules(other, { address: at(1), side: 'at' }, copyText(project, [at(0)]));
    expect(Object.keys(pasted.blocks!)).toEqual(['Conv', 'Stage', 'Conv2', 'Stage2']);
    expect(pasted.blocks!['Stage2']!.body).toMatchObject({ children: [{ block: 'Conv2' }, {}] });
    expect(pasted.networks.main).toMatchObject({ children: [{ block: 'Conv' }, { block: 'Stage2' }] });
  });

  test('from within a Block turns into numbers outside of it', () => {
    const text = copyText(project, [`${at(0)}/blocks.Stage.body.children[0]`]);
    const { project: pasted } = pasteModules(project, { address: at(0), side: 'at' }, text);
    expect(pasted.networks.main).toMatchObject({ children: [{ block: 'Conv', arguments: { width: 14 } }, {}, {}, {}] });
  });

  test('may be a module as it stands in a file, or a list of them', () => {
    for (const text of ['{"type": "ReLU"}', '[{"type": "ReLU"}]']) {
      expect(readCopied(text)).toMatchObject({ ok: true, nodes: [{ type: 'ReLU' }] });
    }
  });

  test.each<readonly [text: string, sentence: RegExp]>([
    ['conv 64', /not JSON/],
    ['5', /must be an object/],
    ['[]', /must not be empty/],
    ['{"type": "Relu"}', /"Relu".*Did you mean "ReLU"/],
    ['{"format": "torchwright-modules", "version": 2, "modules": [{"type": "ReLU"}]}', /version must be 1, not 2/],
    ['{"format": "torchwright-modules", "version": 1, "modules": [{"type": "ReLU", "nam": "x"}]}', /nam is not/],
  ])('is refused with a sentence: %s', (text, sentence) => {
    const read = readCopied(text);
    expect(read.ok ? '' : read.failures[0]!.message).toMatch(sentence);
  });

  test('is refused where options do not fit', () => {
    const text = '{"type": "Conv2d", "options": {"out_channels": "n", "kernel_size": 3}}';
    expect(() => pasteModules(project, { address: at(0), side: 'at' }, text)).toThrow(
      /"n" is a parameter of the Block/,
    );
  });
});

describe('moving', () => {
  const project = typed('Stage 16 Conv 4 2 relu', pair);

  test('out of a Block turns expressions into the numbers of that instance', () => {
    const moved = moveModules(project, [`${at(0)}/blocks.Stage.body.children[0]`], { address: at(2), side: 'at' });
    expect(moved.selection).toEqual([at(2)]);
    expect(moved.project.networks.main).toMatchObject({
      children: [{}, {}, { block: 'Conv', arguments: { width: 14 } }, {}],
    });
  });

  test('refuses a container into itself, a Block into its own definition', () => {
    const nested = typed('residual (relu tanh) relu');
    expect(() => moveModules(nested, [at(0)], { address: `${at(0)}.body.children[1]`, side: 'at' })).toThrow(
      /moved into itself/,
    );
    const inside = `${at(0)}/blocks.Stage.body.children[0]/blocks.Conv.body`;
    expect(() => moveModules(project, [at(1)], { address: inside, side: 'after' })).toThrow(
      /"Conv" cannot contain itself/,
    );
  });

  test('into a Block before which it stood follows the instance', () => {
    const flat = typed('relu Stage', pair);
    const moved = moveModules(flat, [at(0)], { address: `${at(1)}/blocks.Stage.body.children[0]`, side: 'at' });
    expect(moved.selection).toEqual([`${at(0)}/blocks.Stage.body.children[0]`]);
  });
});
