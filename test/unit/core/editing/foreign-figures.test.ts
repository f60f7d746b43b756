import { expect, test } from 'vitest';
import { withoutForeignFigures } from '../../../../core/editing/foreign-figures.ts';
import { projectOf } from './arbitrary-project.ts';

test('other data take away what was reported of the recipe, other settings of the data do not', () => {
  const before = { ...projectOf({ type: 'ReLU' }), reference: { accuracy: 0.9, reported: '90 %' } };
  const other = { ...before, data: { ...before.data, source: 'elsewhere' } };
  expect(withoutForeignFigures(before, other)).toEqual({ ...projectOf({ type: 'ReLU' }), data: other.data });
  const scaled = { ...before, data: { ...before.data, augment: { crop: { padding: 2 } } } };
  expect(withoutForeignFigures(before, scaled)).toBe(scaled);
});
