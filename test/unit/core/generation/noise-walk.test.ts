import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noiseWalk } from '../../../../core/generation/noise-walk.ts';

const number = fc.float({ min: -4, max: 4, noNaN: true });
const noise = fc.array(number, { minLength: 6, maxLength: 6 }).map((values) => Float32Array.from(values));
const way = fc.constantFrom('spherical' as const, 'straight' as const);

const norm = (values: Float32Array): number => Math.hypot(...values);
const frame = (walk: Float32Array, index: number): Float32Array => walk.subarray(6 * index, 6 * (index + 1));

it('begins at the one noise and ends at the other', () => {
  fc.assert(
    fc.property(noise, noise, way, fc.integer({ min: 2, max: 9 }), (from, to, way, frames) => {
      const walk = noiseWalk(from, to, 3, { frames, way });
      expect(walk.length).toBe(6 * frames);
      for (let at = 0; at < 6; at++) {
        expect(walk[at]).toBeCloseTo(from[at]!, 4);
        expect(frame(walk, frames - 1)[at]).toBeCloseTo(to[at]!, 4);
      }
    }),
  );
});

it('along the line each frame is as far from the next', () => {
  const walk = noiseWalk(Float32Array.of(0, 2, -1, 1, 0, 0), Float32Array.of(4, 2, 3, 0, 0, 1), 6, {
    frames: 5,
    way: 'straight',
  });
  expect([...frame(walk, 1)]).toEqual([1, 2, 0, 0.75, 0, 0.25]);
  expect([...frame(walk, 2)]).toEqual([2, 2, 1, 0.5, 0, 0.5]);
});

it('over the sphere it stays as far from the middle, each sample by itself', () => {
  // A quarter of a circle of radius 2, and beside it one of radius 1.
  const walk = noiseWalk(Float32Array.of(2, 0, 0, 0, 1, 0), Float32Array.of(0, 2, 0, 0, 0, -1), 3, {
    frames: 3,
    way: 'spherical',
  });
  const half = Math.SQRT1_2;
  const wanted = [2 * half, 2 * half, 0, 0, half, -half];
  for (const [at, value] of frame(walk, 1).entries()) expect(value).toBeCloseTo(wanted[at]!, 6);
  expect(norm(frame(walk, 1).subarray(0, 3))).toBeCloseTo(2, 6);
});

it('takes the line where there is no one way over the sphere', () => {
  const from = Float32Array.of(1, 0);
  for (const to of [Float32Array.of(-1, 0), Float32Array.of(0, 0), Float32Array.of(1, 0)]) {
    const walk = noiseWalk(from, to, 2, { frames: 3, way: 'spherical' });
    expect(walk[2]).toBeCloseTo((from[0]! + to[0]!) / 2, 6);
    expect(walk[3]).toBeCloseTo(0, 6);
  }
});
