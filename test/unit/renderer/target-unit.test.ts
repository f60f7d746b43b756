import { expect, it } from 'vitest';
import type { Project } from '../../../core/project/project.ts';
import { errorUnit } from '../../../renderer/features/train/target-unit.ts';
import { valueNames } from '../../../renderer/features/evaluate/value-names.ts';

const trained = (data: object, loss = 'MSE'): Project =>
  ({ data, recipe: { kind: 'supervised', loss: { type: loss } } }) as unknown as Project;
const two = { import: { target: ['big', 'small'] } };

it.each([
  [trained({ import: { target: 'price' } }), { targets: 1 }, 'in the unit of the target'],
  [trained({}), { targets: 2 }, 'in standard deviations of the targets'],
  [trained(two), null, 'in standard deviations of the targets'],
  [trained({ ...two, standardiseTargets: false }), null, 'in the unit of the target'],
  [trained(two, 'PoissonNLL'), null, 'in the unit of the target'],
  [null, null, 'in the unit of the target'],
] as const)('errors of %j with %j are %s', (project, facts, expected) => {
  expect(errorUnit(project, facts)).toBe(expected);
});

it('names the numbers of a sample by their columns, or by their places', () => {
  expect(valueNames({ inputShape: [2], columnNames: ['a', 'b'] })).toEqual(['a', 'b']);
  expect(valueNames({ inputShape: [3], columnNames: [] })).toEqual(['0', '1', '2']);
  expect(valueNames({ inputShape: [2, 2], columnNames: [] })).toEqual(['0, 0', '0, 1', '1, 0', '1, 1']);
});
