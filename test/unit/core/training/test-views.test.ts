import { expect, it } from 'vitest';
import { testViews } from '../../../../core/training/test-views.ts';

it('the plain image comes first, its mirror image next where the recipe flips', () => {
  const views = testViews({ crop: { padding: 4 }, flip: { probability: 0.5 } });
  expect(views).toHaveLength(18);
  expect(views.slice(0, 3)).toEqual([
    { isFlipped: false, shiftY: 0, shiftX: 0 },
    { isFlipped: true, shiftY: 0, shiftX: 0 },
    { isFlipped: false, shiftY: -2, shiftX: -2 },
  ]);
  expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(18);
  expect(Math.max(...views.map(({ shiftY, shiftX }) => Math.max(Math.abs(shiftY), Math.abs(shiftX))))).toBe(4);
});

it('nothing that training does not do', () => {
  expect(testViews({})).toHaveLength(1);
  expect(testViews({ cutout: { size: 8 } })).toHaveLength(1);
  expect(testViews({ flippedCopies: true })).toHaveLength(2);
  expect(testViews({ flip: { probability: 0, alternate: true } })).toHaveLength(2);
  expect(testViews({ flip: { probability: 0 } })).toHaveLength(1);
  expect(testViews({ crop: { padding: 2 } }).some(({ isFlipped }) => isFlipped)).toBe(false);
  // The views of images moved by one pixel are not the same ones twice.
  const narrow = testViews({ crop: { padding: 1 } });
  expect(new Set(narrow.map((view) => JSON.stringify(view))).size).toBe(narrow.length);
});
