import { describe, expect, test } from 'vitest';
import {
  duplicateModules,
  insertModules,
  moveModules,
  removeModules,
  renameModule,
  shiftModules,
} from '../../../../core/editing/modules.ts';
import { setModuleField, setModuleOptions } from '../../../../core/editing/options.ts';
import { unwrapModule, wrapModules } from '../../../../core/editing/wrapping.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { projectOf } from './arbitrary-project.ts';

const root = 'networks.main';
const at = (index: number) => `${root}.children[${index}]`;
const nothing: NetworkNode = { type: 'Sequential', children: [] };
const layer = (type: string): NetworkNode => ({ type });
const sequence = (...types: readonly string[]): NetworkNode => ({ type: 'Sequential', children: types.map(layer) });

describe('options', () => {
  const project = projectOf({
    type: 'Sequential',
    children: [{ type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, stride: 2 } }, layer('ReLU')],
  });
  const optionsOf = (changes: Parameters<typeof setModuleOptions>[2]) => {
    const { networks } = setModuleOptions(project, at(0), changes).project;
    return 'children' in networks.main ? networks.main.children[0] : undefined;
  };

  test('that equal the default are not written, two equal numbers as one', () => {
    expect(optionsOf({ stride: [1, 1], padding: [1, 1], bias: true })).toEqual({
      type: 'Conv2d',
      options: { out_channels: 8, kernel_size: 3, padding: 1 },
    });
    expect(optionsOf({ stride: undefined, padding: 'same', kernel_size: [3, 5] })).toEqual({
      type: 'Conv2d',
      options: { out_channels: 8, kernel_size: [3, 5], padding: 'same' },
    });
  });

  test.each<readonly [changes: Parameters<typeof setModuleOptions>[2], sentence: RegExp]>([
    [{ kernel_size: 0 }, /needs at least 1 as kernel_size, not 0/],
    [{ out_channels: undefined }, /needs out_channels/],
    [{ out_channels: 'out' }, /expressions may stand only inside a Block/],
    [{ padding_mode: 'mirror' }, /needs one of zeros, reflect, replicate, circular/],
    [{ strides: 2 }, /"strides".*Did you mean "stride"/],
  ])('%j is refused', (changes, sentence) => {
    expect(() => setModuleOptions(project, at(0), changes)).toThrow(sentence);
  });
});

describe('fields', () => {
  const project = projectOf({
    type: 'Sequential',
    children: [
      { type: 'Repeat', count: 2, body: layer('ReLU') },
      { type: 'Fork', join: { kind: 'cat' }, branches: [layer('ReLU'), nothing] },
      layer('ReLU'),
    ],
  });

  test('are set and taken away', () => {
    const { project: set } = setModuleField(project, at(0), { count: 5, shared: true, frozen: true });
    expect(set.networks.main).toMatchObject({ children: [{ count: 5, shared: true, frozen: true }, {}, {}] });
    const { project: back } = setModuleField(set, at(0), { count: 2, shared: false, frozen: undefined });
    expect(back).toEqual(project);
    const { project: joined } = setModuleField(project, at(1), { join: { kind: 'stack', dim: 2 } });
    expect(joined.networks.main).toMatchObject({ children: [{}, { join: { kind: 'stack', dim: 2 } }, {}] });
    const rule = { parameters: 'weight', method: 'xavier_normal' } as const;
    const { project: initialised } = setModuleField(project, at(2), { initialise: [rule] });
    expect(setModuleField(initialised, at(2), { initialise: [] }).project).toEqual(project);
  });

  test.each<readonly [index: number, changes: Parameters<typeof setModuleField>[2], sentence: RegExp]>([
    [0, { count: 0 }, /whole number/],
    [0, { count: undefined }, /count must be a number or an expression/],
    [0, { join: { kind: 'cat' } }, /join is not/],
    [2, { count: 3 }, /count is not/],
    [1, { join: undefined }, /join is missing/],
    [2, { initialise: [{ parameters: 'bias', method: 'xavier_normal' }] }, /Xavier and Kaiming/],
  ])('%i %j is refused', (index, changes, sentence) => {
    expect(() => setModuleField(project, at(index), changes)).toThrow(sentence);
  });
});

describe('where modules go', () => {
  const empty = projectOf(nothing);
  const main = (project: typeof empty) => project.networks.main;

  test('the first ones of an empty network make its sequence', () => {
    const edited = insertModules(empty, { address: root, side: 'at' }, [layer('ReLU')]);
    expect(main(edited.project)).toEqual(sequence('ReLU'));
    expect(edited.selection).toEqual([at(0)]);
  });

  test('several in a place for one become a Sequential', () => {
    const residual = projectOf({ type: 'Residual', body: nothing });
    const edited = insertModules(residual, { address: `${root}.shortcut`, side: 'at' }, [layer('ReLU'), layer('Tanh')]);
    expect(main(edited.project)).toEqual({ type: 'Residual', body: nothing, shortcut: sequence('ReLU', 'Tanh') });
    expect(edited.selection).toEqual([0, 1].map((index) => `${root}.shortcut.children[${index}]`));
    const more = insertModules(edited.project, { address: `${root}.shortcut`, side: 'before' }, [layer('GELU')]);
    expect(main(more.project)).toMatchObject({ shortcut: sequence('GELU', 'ReLU', 'Tanh') });
    expect(() => insertModules(edited.project, { address: `${root}.shortcut`, side: 'at' }, [layer('GELU')])).toThrow(
      /a module at shortcut already/,
    );
  });

  test('beside one that stands alone both become a Sequential', () => {
    const residual = projectOf({ type: 'Residual', body: layer('ReLU') });
    const edited = insertModules(residual, { address: `${root}.body`, side: 'after' }, [layer('Tanh')]);
    expect(main(edited.project)).toEqual({ type: 'Residual', body: sequence('ReLU', 'Tanh') });
  });

  test('an empty branch is filled; another branch is one for all that are put there', () => {
    const fork = projectOf({ type: 'Fork', join: { kind: 'cat' }, branches: [layer('ReLU'), nothing] });
    const filled = insertModules(fork, { address: `${root}.branches[1]`, side: 'at' }, [layer('Tanh'), layer('GELU')]);
    expect(main(filled.project)).toMatchObject({ branches: [layer('ReLU'), sequence('Tanh', 'GELU')] });
    const third = insertModules(filled.project, { address: `${root}.branches[2]`, side: 'at' }, [layer('Mish')]);
    expect(main(third.project)).toMatchObject({ branches: [{}, {}, layer('Mish')] });
    const reordered = moveModules(third.project, [`${root}.branches[2]`], {
      address: `${root}.branches[0]`,
      side: 'at',
    });
    expect(main(reordered.project)).toMatchObject({ branches: [layer('Mish'), layer('ReLU'), {}] });
  });

  test('a selected container takes what lies in it along', () => {
    const nested = projectOf({ type: 'Sequential', children: [sequence('ReLU', 'Tanh'), layer('GELU')] });
    const inside = `${at(0)}.children[1]`;
    expect(main(removeModules(nested, [inside, at(0)]).project)).toEqual(sequence('GELU'));
    expect(main(duplicateModules(nested, [inside, at(0)]).project)).toEqual({
      type: 'Sequential',
      children: [sequence('ReLU', 'Tanh'), sequence('ReLU', 'Tanh'), layer('GELU')],
    });
  });

  test('after a removal the next one is selected, or the last, or the container', () => {
    const three = projectOf(sequence('ReLU', 'Tanh', 'GELU'));
    expect(removeModules(three, [at(0)]).selection).toEqual([at(0)]);
    expect(removeModules(three, [at(2)]).selection).toEqual([at(1)]);
    expect(removeModules(three, [at(0), at(1), at(2)]).selection).toEqual([root]);
  });
});

describe('up and down', () => {
  const project = projectOf({
    type: 'Sequential',
    children: [{ type: 'Residual', body: sequence('ReLU', 'Tanh') }, layer('GELU')],
  });
  const inside = (index: number) => `${at(0)}.body.children[${index}]`;

  test('past a neighbour, and out of the container at its border', () => {
    expect(shiftModules(project, [inside(0)], 1).selection).toEqual([inside(1)]);
    expect(shiftModules(project, [inside(0), inside(1)], -1).selection).toEqual([at(0), at(1)]);
    expect(shiftModules(project, [inside(1)], 1).project.networks.main).toEqual({
      type: 'Sequential',
      children: [{ type: 'Residual', body: sequence('ReLU') }, layer('Tanh'), layer('GELU')],
    });
  });

  test('not beyond the end, not from two places', () => {
    expect(() => shiftModules(project, [at(1)], 1)).toThrow(/nothing below to move past/);
    expect(() => shiftModules(project, [inside(0), at(1)], 1)).toThrow(/consecutive/);
  });
});

describe('wrapping', () => {
  const project = projectOf(sequence('ReLU', 'Tanh', 'GELU'));

  test('a Fork has the selection as its first branch and an empty second one', () => {
    const wrapped = wrapModules(project, [at(1), at(0)], 'Fork');
    expect(wrapped.selection).toEqual([at(0)]);
    expect(wrapped.project.networks.main).toEqual({
      type: 'Sequential',
      children: [{ type: 'Fork', join: { kind: 'cat' }, branches: [sequence('ReLU', 'Tanh'), nothing] }, layer('GELU')],
    });
  });

  test('refuses modules that do not follow each other, and unwraps no layer', () => {
    expect(() => wrapModules(project, [at(0), at(2)], 'Residual')).toThrow(/consecutive.*wrapped/);
    expect(() => unwrapModule(project, at(0))).toThrow(/contains nothing of its own/);
  });
});

test('a name that is none is refused', () => {
  expect(() => renameModule(projectOf(sequence('ReLU')), at(0), '1st')).toThrow(/name for a module/);
});
