import { describe, expect, it } from 'vitest';
import { pointAt, smoothed } from '../../../renderer/ui/chart/series.ts';

const points = [1, 2, 4, 8].map((x) => ({ x, y: 10 * x }));

describe('points of a chart', () => {
  it('are found at or before the pointer', () => {
    expect(pointAt(points, 4)?.x).toBe(4);
    expect(pointAt(points, 7.9)?.x).toBe(4);
    expect(pointAt(points, 100)?.x).toBe(8);
    expect(pointAt(points, 0)).toBeUndefined();
    expect(pointAt([], 1)).toBeUndefined();
  });

  it('are smoothed without a bias at the beginning', () => {
    const flat = points.map(({ x }) => ({ x, y: 3 }));
    for (const { y } of smoothed(flat, 0.9)) expect(y).toBeCloseTo(3, 12);
    expect(smoothed(points, 0)).toBe(points);
    // Weights .5 and .25 of the first two figures, made to add up to one.
    expect(smoothed(points, 0.5)[1]!.y).toBeCloseTo((0.25 * 10 + 0.5 * 20) / 0.75, 12);
  });
});
