import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawNetwork } from '../../../core/drawing/draw.ts';
import { partsOf } from '../../../core/network/resolved.ts';
import type { ResolvedNode } from '../../../core/network/resolved.ts';
import { parseForm } from '../../../core/project/parse.ts';
import { projectFacts } from '../../../core/project/project-facts.ts';
import { moduleOfLayer, placeOfModule } from '../../../renderer/features/evaluate/look/places-of-modules.ts';

const layers = ['networks.main.children[0]', 'networks.main.children[1]/blocks.Basic.body.children[0]'].map((at) => ({
  path: at,
}));

describe('modules and what they give', () => {
  it('a container gives what the last one in it gives', () => {
    expect(placeOfModule(layers, 'networks.main.children[0]')).toBe(0);
    expect(placeOfModule(layers, 'networks.main.children[1]')).toBe(1);
    expect(placeOfModule(layers, 'networks.main')).toBe(1);
    expect(placeOfModule(layers, 'networks.main.children[2]')).toBeUndefined();
    expect(placeOfModule([{ path: 'networks.main.children[10]' }], 'networks.main.children[1]')).toBeUndefined();
  });

  it('a layer in a closed container is that container', () => {
    const drawn = ['networks.main', 'networks.main.children[1]'];
    expect(moduleOfLayer(drawn, layers[1]!.path)).toBe('networks.main.children[1]');
    expect(moduleOfLayer(drawn, layers[0]!.path)).toBe('networks.main');
  });

  it('every layer of a network of blocks is drawn at the address that the engine names', async () => {
    const file = path.resolve(import.meta.dirname, '../../../resources/recipes/cifar10-resnet18.json');
    const read = parseForm(await readFile(file, 'utf8'));
    if (!read.ok) throw new Error(read.failures[0]!.message);
    const facts = projectFacts(read.project, [3, 32, 32]);
    const drawing = drawNetwork(read.project, facts, { root: 'networks.main', closed: new Set() });
    const cards = drawing.modules.filter(({ kind, isUnused }) => kind === 'card' && !isUnused);
    const paths = layersOf(facts.resolved!).map((at) => ({ path: at }));
    expect(paths.length).toBeGreaterThan(50);
    for (const { address } of cards) expect(placeOfModule(paths, address), address).toBeDefined();
    const addresses = drawing.modules.map(({ address }) => address);
    for (const { path: at } of paths) expect(moduleOfLayer(addresses, at)).toBe(at);
  });
});

function layersOf(node: ResolvedNode): readonly string[] {
  return node.type === 'Layer' ? [node.path] : partsOf(node).flatMap(layersOf);
}
