import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../core/network/facts.ts';
import { moduleName, withModuleNames } from '../../../../core/network/module-name.ts';
import type { Blocks, NetworkNode } from '../../../../core/network/tree.ts';
import { parseProject } from '../../../../core/project/parse.ts';

const conv: NetworkNode = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3 } };
const blocks: Blocks = { Unit: { parameters: [], body: { type: 'Sequential', children: [conv] } } };
const main: NetworkNode = {
  type: 'Sequential',
  children: [
    { ...conv, name: 'stem' },
    {
      type: 'Residual',
      body: { type: 'Sequential', children: [conv, { type: 'Block', block: 'Unit' }] },
      shortcut: conv,
    },
    { type: 'Fork', join: { kind: 'cat' }, branches: [conv, { type: 'Sequential', children: [conv] }] },
  ],
};
const project = { networks: { main }, blocks };
const at = (way: string) => `networks.main${way}`;

describe('the name of a module', () => {
  it.each([
    ['', 'Network'],
    ['.children[0]', 'Conv2d stem'],
    ['.children[0].options.kernel_size', 'Conv2d stem › kernel_size'],
    ['.children[1]', 'Residual 1'],
    ['.children[1].body', 'Residual 1 › body'],
    ['.children[1].body.children[0]', 'Residual 1 › body › Conv2d 0'],
    ['.children[1].shortcut.options.stride', 'Residual 1 › shortcut › stride'],
    ['.children[1].body.children[1]/blocks.Unit.body.children[0]', 'Residual 1 › body › Unit 1 › Conv2d 0'],
    ['.children[2].branches[1].children[0]', 'Fork 2 › branch 2 › Conv2d 0'],
    ['.children[0].initialise[0].method', 'Conv2d stem › initialise › 0 › method'],
  ])('%s is %s', (way, name) => expect(moduleName(project, at(way))).toBe(name));

  it('is said of a Block’s definition, and of which network where there are two', () => {
    expect(moduleName(project, 'blocks.Unit.body.children[0]')).toBe('Block Unit › Conv2d 0');
    const two = { networks: { main, discriminator: main } };
    expect(moduleName(two, at('.children[1]'))).toBe('Generator › Residual 1');
    expect(moduleName(two, 'networks.discriminator')).toBe('Discriminator');
  });

  it('is none for what is no place in a network', () => {
    for (const place of ['recipe.epochs', 'data/classes', '/home/a/b.json', 'networks.other', 'blocks.None.body', '']) {
      expect(moduleName(project, place)).toBeUndefined();
    }
  });
});

describe('a sentence', () => {
  it('names a module once', () => {
    expect(withModuleNames(project, `Residual at ${at('.children[1]')} cannot add 8 and 16.`)).toBe(
      'Residual 1 cannot add 8 and 16.',
    );
    expect(withModuleNames(project, `Conv2d at ${at('.children[1].shortcut')} needs 1.`)).toBe(
      'Conv2d at Residual 1 › shortcut needs 1.',
    );
    expect(withModuleNames(project, 'The network at networks.main gives [8].')).toBe('The network gives [8].');
    expect(withModuleNames(project, `There is a module at ${at('.children[0]')}.`)).toBe(
      'There is a module at Conv2d stem.',
    );
  });

  it('has the type once where it stands behind the address, and keeps it where the name has none', () => {
    expect(withModuleNames(project, `${at('.children[0]')} (Conv2d): takes 3 channels, gets 1`)).toBe(
      'Conv2d stem: takes 3 channels, gets 1',
    );
    expect(withModuleNames(project, `${at('.children[1].shortcut')} (Conv2d): takes 3`)).toBe(
      'Residual 1 › shortcut (Conv2d): takes 3',
    );
    expect(withModuleNames(project, `Conv2d at ${at('.children[2].branches[0]')} takes 3.`)).toBe(
      'Conv2d at Fork 2 › branch 1 takes 3.',
    );
  });

  it('stays as it is where it names no module', () => {
    for (const words of ['recipe.epochs must be at least 1.', 'There is no file at /home/networks.main.json.', '']) {
      expect(withModuleNames(project, words)).toBe(words);
    }
  });
});

const recipes = path.resolve(import.meta.dirname, '../../../../resources/recipes');
const files = (await readdir(recipes)).filter((file) => file.endsWith('.json'));

describe('every module of a recipe', () => {
  it.each(files)('of %s has a name without an address', async (file) => {
    const read = parseProject(await readFile(path.join(recipes, file), 'utf8'));
    if (!read.ok) throw new Error(read.failures[0]!.message);
    const { networks, blocks: own = {} } = read.project;
    for (const address of factsOf(networks.main, own, [[3, 32, 32]]).modules.keys()) {
      expect(moduleName(read.project, address)).toMatch(/^[^.[\]/]+$/);
    }
  });
});
