import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cornerOf, layOut, moved, placeAt, placesBetween } from '../../../renderer/features/evaluate/grid-layout.ts';
import { gridSize } from '../../../renderer/features/evaluate/grid-size.ts';

const classes = 4;
const layouts = fc
  .tuple(fc.array(fc.nat(classes - 1), { minLength: 1, maxLength: 80 }), fc.integer({ min: 100, max: 700 }))
  .map(([labels, width]) =>
    layOut(Int32Array.from(labels.keys()), Int32Array.from(labels), classes, {
      ...{ width, left: 60, cell: { width: 40, height: 50 } },
    }),
  );

describe('the grid of samples', () => {
  it('shows each sample once, by class and otherwise in the order given', () => {
    const labels = Int32Array.of(1, 0, 1, 0, 2);
    const samples = Int32Array.of(4, 2, 1, 0, 3);
    const { order, bands } = layOut(samples, labels, 3, { width: 500, left: 60, cell: { width: 40, height: 50 } });
    expect(order).toEqual(Int32Array.of(1, 3, 2, 0, 4));
    expect(bands.map(({ label, count }) => [label, count])).toEqual([
      [0, 2],
      [1, 2],
      [2, 1],
    ]);
  });

  it('a point within a cell finds its place again', () => {
    fc.assert(
      fc.property(layouts, fc.nat(39), fc.nat(49), (layout, right, down) => {
        for (const place of layout.order.keys()) {
          const { x, y } = cornerOf(layout, place);
          expect(placeAt(layout, x + right, y + down)).toBe(place);
          expect(y + 50).toBeLessThanOrEqual(layout.height);
        }
      }),
    );
  });

  it('no cell that is seen is left out', () => {
    fc.assert(
      fc.property(
        layouts,
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 1, max: 600 }),
        (layout, top, height) => {
          const painted = new Set<number>();
          for (const band of layout.bands) {
            const { from, to } = placesBetween(layout, band, top, top + height);
            for (let place = from; place < to; place++) painted.add(place);
          }
          for (const place of layout.order.keys()) {
            const { y } = cornerOf(layout, place);
            if (y < top + height && y + 50 > top) expect(painted.has(place)).toBe(true);
          }
        },
      ),
    );
  });

  it('the keyboard reaches every sample, downwards never leaves a column for more than the band is short', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        let place = moved(layout, 5 % layout.order.length, 'first');
        const seen = new Set([place]);
        while (place < layout.order.length - 1) {
          place = moved(layout, place, 'right');
          seen.add(place);
        }
        expect(seen.size).toBe(layout.order.length);
        for (const from of layout.order.keys()) {
          const below = moved(layout, from, 'down');
          if (below === from) continue;
          expect(cornerOf(layout, below).y).toBeGreaterThan(cornerOf(layout, from).y - 1);
          expect(cornerOf(layout, below).x).toBeLessThanOrEqual(cornerOf(layout, from).x);
        }
      }),
    );
  });
});

it('an image has whole pixels of the screen for each of its own, at any zoom', () => {
  fc.assert(
    fc.property(fc.constantFrom(28, 56, 168), fc.constantFrom(1, 1.25, 1.5, 2), (wanted, ratio) => {
      const { image, cell } = gridSize({ width: 28, height: 28 }, wanted, ratio, 20);
      const pixels = (image.width * ratio) / 28;
      expect(pixels).toBeCloseTo(Math.max(1, Math.round(pixels)), 9);
      expect(cell.width).toBeGreaterThanOrEqual(image.width);
    }),
  );
});
