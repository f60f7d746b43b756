import type { Augment } from '../project/project.ts';

/** One way to look at a test image: mirrored, then moved by so many pixels, with the border that the recipe's crop has. */
export interface TestView {
  readonly isFlipped: boolean;
  readonly shiftY: number;
  readonly shiftX: number;
}

/**
 * What a recipe's augmentation can make of a test image, the plain one first: the middle, half the padding towards each
 * corner, the whole padding towards each side, and the mirror image of each after it where the recipe flips. Squares
 * that training cuts out are left in.
 */
export function testViews(augment: Augment): readonly TestView[] {
  const padding = augment.crop?.padding ?? 0;
  const half = Math.ceil(padding / 2);
  const shifts = padding === 0 ? [[0, 0]] : [[0, 0], ...corners(half), ...sides(padding)];
  const { flippedCopies, flip } = augment;
  const isFlipping = flippedCopies === true || flip?.alternate === true || (flip?.probability ?? 0) > 0;
  const flips = isFlipping ? [false, true] : [false];
  return shifts.flatMap(([shiftY = 0, shiftX = 0]) => flips.map((isFlipped) => ({ isFlipped, shiftY, shiftX })));
}

function corners(by: number): number[][] {
  return [-by, by].flatMap((y) => [-by, by].map((x) => [y, x]));
}

function sides(by: number): number[][] {
  return [
    [-by, 0],
    [by, 0],
    [0, -by],
    [0, by],
  ];
}
