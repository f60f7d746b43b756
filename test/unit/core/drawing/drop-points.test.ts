import { describe, expect, test } from 'vitest';
import { drawNetwork } from '../../../../core/drawing/draw.ts';
import { insertModules } from '../../../../core/editing/modules.ts';
import { moduleAt } from '../../../../core/network/address.ts';
import type { Project } from '../../../../core/project/project.ts';
import { faultsOf } from './geometry.ts';
import { drawRecipe, recipe } from './recipe-drawings.ts';

describe.each(['cifar10-resnet18', 'mnist-simpnet', 'lesson-resnet'])('every drop point of %s', (name) => {
  const drops = drawRecipe(name, true).drops;

  test('takes modules, which are drawn then', () => {
    for (const drop of drops) {
      const { project, selection } = insertModules(recipe(name), drop, [{ type: 'Tanh' }, { type: 'Mish' }]);
      expect(selection.map((address) => moduleAt(project, address).type)).toEqual(['Tanh', 'Mish']);
      const drawn = drawAll(project).map(({ address }) => address);
      expect(drawn).toEqual(expect.arrayContaining([...selection]));
    }
  });
});

function drawAll(project: Project) {
  const drawing = drawNetwork(project, null, { root: 'networks.main', closed: new Set() });
  expect(faultsOf(drawing)).toEqual([]);
  return drawing.modules;
}
