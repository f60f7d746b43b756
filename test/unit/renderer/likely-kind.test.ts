import { expect, it } from 'vitest';
import { likelyKind } from '../../../renderer/features/data/likely-kind.ts';

it('tells the kind of data that are not imported by their settings, or by the name of a table', () => {
  expect(likelyKind({ source: '/data/prices.csv' })).toBe('table');
  expect(likelyKind({ source: '/data/PRICES.TSV', import: { task: 'regression' } })).toBe('table');
  expect(likelyKind({ source: '/data/prices', import: { target: 'price' } })).toBe('table');
  expect(likelyKind({ source: '/data/pets', import: { fit: 'contain' } })).toBe('images');
  expect(likelyKind({ source: '/data/pets', import: { split: { seed: 1 } } })).toBeNull();
  expect(likelyKind({ source: '/data/x.npz' })).toBeNull();
});
