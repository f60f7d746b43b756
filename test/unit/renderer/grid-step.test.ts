import { expect, it } from 'vitest';
import { gridStep } from '../../../renderer/ui/grid-step.ts';
import type { GridKey } from '../../../renderer/ui/grid-step.ts';

/** Three cards and one below them; under a heading two more. */
const cards = [
  [0, 0],
  [100, 0],
  [200, 0],
  [0, 60],
  [0, 150],
  [100, 150],
].map(([x, y]) => ({ x: x!, y: y!, height: 50 }));

it.each<[from: number, key: GridKey, to: number]>([
  [0, 'ArrowDown', 3],
  [2, 'ArrowDown', 3],
  [3, 'ArrowDown', 4],
  [5, 'ArrowDown', 5],
  [5, 'ArrowUp', 3],
  [3, 'ArrowUp', 0],
  [1, 'ArrowUp', -1],
  [2, 'ArrowRight', 3],
  [5, 'ArrowRight', 5],
  [3, 'ArrowLeft', 2],
  [0, 'ArrowLeft', 0],
])('from card %i %s leads to %i', (from, key, to) => {
  expect(gridStep(cards, from, key)).toBe(to);
});
