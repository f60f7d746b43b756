import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSight, isStillSeen, overlaps, regionOf } from '../../../../renderer/features/design/canvas/region.ts';
import {
  beginning,
  centred,
  fitted,
  kept,
  showing,
  wheelFactor,
  zoomedAt,
} from '../../../../renderer/features/design/canvas/stage.ts';

const size = fc.record({ width: fc.integer({ min: 300, max: 3000 }), height: fc.integer({ min: 200, max: 2000 }) });
const viewport = fc.record({
  x: fc.integer({ min: -5000, max: 5000 }),
  y: fc.integer({ min: -5000, max: 5000 }),
  zoom: fc.double({ min: 0.05, max: 2, noNaN: true }),
});
const box = fc.record({
  x: fc.integer({ min: 0, max: 4000 }),
  y: fc.integer({ min: 0, max: 4000 }),
  width: fc.integer({ min: 20, max: 100 }),
  height: fc.integer({ min: 20, max: 50 }),
});

const held = fc.record({ axis: fc.integer({ min: 0, max: 4000 }), y: fc.integer({ min: 0, max: 4000 }) });

function contains(outer: ReturnType<typeof inSight>, inner: ReturnType<typeof inSight>): boolean {
  const slack = 1e-6;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

describe('what of a drawing is seen', () => {
  it('is all of it when it is fitted, unless it is too large for the smallest zoom', () => {
    fc.assert(
      fc.property(size, size, (drawing, canvas) => {
        const seen = inSight(fitted(drawing, canvas), canvas);
        expect(contains(seen, { x: 0, y: 0, ...drawing })).toBe(true);
      }),
    );
  });

  it('begins with the top in a size that can be read', () => {
    const canvas = { width: 900, height: 700 };
    const view = beginning({ width: 400, height: 20_000 }, 200, canvas);
    expect(view.zoom).toBe(1);
    expect(view.y).toBeGreaterThan(0);
    expect(beginning({ width: 9000, height: 9000 }, 200, canvas).zoom).toBeGreaterThan(0.6);
  });

  it('begins where the data comes in', () => {
    fc.assert(
      fc.property(size, size, fc.double({ min: 0.02, max: 0.98, noNaN: true }), (drawing, canvas, part) => {
        const view = beginning(drawing, drawing.width * part, canvas);
        const { x, width } = inSight(view, canvas);
        expect(drawing.width * part).toBeGreaterThanOrEqual(x);
        expect(drawing.width * part).toBeLessThanOrEqual(x + width);
      }),
    );
  });

  it('holds a module that is to be shown, and does not move for one that is seen', () => {
    fc.assert(
      fc.property(viewport, box, size, (view, module, canvas) => {
        fc.pre(module.width * view.zoom + 56 <= canvas.width && module.height * view.zoom + 92 <= canvas.height);
        const shown = showing(view, module, canvas);
        expect(contains(inSight(shown, canvas), module)).toBe(true);
        expect(showing(shown, module, canvas)).toEqual(shown);
      }),
    );
  });

  it('keeps a module where it is on the canvas when the drawing changes', () => {
    fc.assert(
      fc.property(viewport, held, held, (view, before, after) => {
        const now = kept(view, before, after);
        expect(after.y * now.zoom + now.y).toBeCloseTo(before.y * view.zoom + view.y, 6);
        expect(after.axis * now.zoom + now.x).toBeCloseTo(before.axis * view.zoom + view.x, 6);
      }),
    );
  });

  it('zooms about the point under the pointer, by the wheel up larger and down smaller', () => {
    fc.assert(
      fc.property(viewport, fc.double({ min: 0.5, max: 2, noNaN: true }), box, (view, factor, { x, y }) => {
        const now = zoomedAt(view, factor, { x, y });
        expect((x - now.x) / now.zoom).toBeCloseTo((x - view.x) / view.zoom, 4);
        expect((y - now.y) / now.zoom).toBeCloseTo((y - view.y) / view.zoom, 4);
      }),
    );
    expect(wheelFactor({ deltaY: -120, deltaMode: 0 })).toBeGreaterThan(1);
    expect(wheelFactor({ deltaY: 3, deltaMode: 1 })).toBeLessThan(1);
    expect(wheelFactor({ deltaY: 10, deltaMode: 0 }) * wheelFactor({ deltaY: -10, deltaMode: 0 })).toBeCloseTo(1);
  });

  it('has the point in its middle that it is centred on', () => {
    const canvas = { width: 800, height: 600 };
    const { x, y, width, height } = inSight(centred({ x: 0, y: 0, zoom: 0.5 }, { x: 70, y: 90 }, canvas), canvas);
    expect([x + width / 2, y + height / 2]).toEqual([70, 90]);
  });

  it('lies within the region that is drawn for it', () => {
    fc.assert(
      fc.property(viewport, size, (view, canvas) => {
        const region = regionOf(view, canvas);
        expect(isStillSeen(region, view, canvas)).toBe(true);
        expect(overlaps(region, inSight(view, canvas))).toBe(true);
        expect(isStillSeen(region, { ...view, x: view.x + canvas.width }, canvas)).toBe(false);
      }),
    );
  });
});
