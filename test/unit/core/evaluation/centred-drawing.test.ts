import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centredDrawing, wholeDrawing } from '../../../../core/evaluation/centred-drawing.ts';
import type { GreyDrawing } from '../../../../core/evaluation/centred-drawing.ts';

const size = { width: 28, height: 28 };

function rectangle(side: number, left: number, top: number, width: number, height: number): GreyDrawing {
  const pixels = new Uint8Array(side * side);
  for (let y = top; y < top + height; y++) pixels.fill(255, y * side + left, y * side + left + width);
  return { pixels, width: side, height: side };
}

function massOf(pixels: Uint8Array): { readonly x: number; readonly y: number; readonly mass: number } {
  let [mass, x, y] = [0, 0, 0];
  for (const [at, ink] of pixels.entries()) {
    mass += ink;
    x += ink * ((at % size.width) + 0.5);
    y += ink * (Math.floor(at / size.width) + 0.5);
  }
  return { x: x / mass, y: y / mass, mass };
}

function boxOf(pixels: Uint8Array): readonly [width: number, height: number] {
  const inked = [...pixels.keys()].filter((at) => pixels[at]! > 0);
  const [xs, ys] = [inked.map((at) => at % size.width), inked.map((at) => Math.floor(at / size.width))];
  return [Math.max(...xs) - Math.min(...xs) + 1, Math.max(...ys) - Math.min(...ys) + 1];
}

describe('a drawing as the authors of MNIST made their digits', () => {
  it('fits a box of 20 × 20 with its proportions kept, wherever and however large it was drawn', () => {
    const part = fc.integer({ min: 12, max: 120 });
    fc.assert(
      fc.property(part, part, part, part, (left, top, width, height) => {
        const made = centredDrawing(rectangle(280, left, top, width, height), size);
        const [across, down] = boxOf(made);
        expect(Math.max(across, down)).toBe(20);
        expect(Math.min(across, down)).toBe(
          Math.max(1, Math.round((20 * Math.min(width, height)) / Math.max(width, height))),
        );
        const { x, y } = massOf(made);
        expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
        expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
      }),
      { numRuns: 30 },
    );
  });

  it('lies by its mass, not by its box', () => {
    // A thick bar with a thin line far to its right.
    const { pixels, ...sheet } = rectangle(280, 20, 40, 40, 200);
    for (let x = 60; x < 220; x++) pixels[140 * 280 + x] = 255;
    const made = centredDrawing({ pixels, ...sheet }, size);
    const { x, y } = massOf(made);
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
    const leftmost = Math.min(...[...made.keys()].filter((at) => made[at]! > 0).map((at) => at % 28));
    expect(leftmost).toBeGreaterThan(8);
  });

  it('has the greys of the scaling: a pixel half covered is half as dark', () => {
    // 30 pixels become 20: an edge at 1.5 of them.
    const made = centredDrawing(rectangle(280, 100, 100, 30, 30), size);
    expect(made.filter((ink) => ink === 255)).toHaveLength(400);
    const half = wholeDrawing(rectangle(56, 0, 0, 1, 56), size);
    expect([...half.slice(0, 3)]).toEqual([128, 0, 0]);
  });

  it('of an empty sheet is empty', () => {
    expect(centredDrawing(rectangle(280, 0, 0, 0, 0), size).some((ink) => ink > 0)).toBe(false);
  });
});
