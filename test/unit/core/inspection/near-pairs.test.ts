import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoarsePictures, coarseLength } from '../../../../core/inspection/coarse-picture.ts';
import { nearPairs } from '../../../../core/inspection/near-pairs.ts';
import { drawsFrom } from '../../../../core/random.ts';

interface Picture {
  readonly pixels: Uint8Array;
  readonly mean: number;
  readonly deviation: number;
}

function pictureOf(pixels: Uint8Array): Picture {
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
  const squares = pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0);
  return { pixels, mean, deviation: Math.sqrt(squares / pixels.length) };
}

/** Of the pixels of both, each less its mean, by its deviation. */
function difference(one: Picture, other: Picture): number {
  let sum = 0;
  for (let at = 0; at < one.pixels.length; at++) {
    const a = (one.pixels[at]! - one.mean) / one.deviation;
    sum += (a - (other.pixels[at]! - other.mean) / other.deviation) ** 2;
  }
  return Math.sqrt(sum / one.pixels.length);
}

function coarseOf(pictures: readonly Picture[], shape: readonly number[]): Float32Array {
  const coarse = new Float32Array(pictures.length * coarseLength);
  const writer = new CoarsePictures(shape);
  pictures.forEach((picture, place) => writer.write(picture.pixels, 0, picture, coarse, place * coarseLength));
  return coarse;
}

const shapes = [
  [1, 28, 28],
  [3, 32, 32],
  [1, 5, 9],
  [3, 8, 17],
];

test('coarse pictures are never further apart than the pictures themselves', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...shapes),
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (shape, seed, share) => {
        const draw = drawsFrom(seed);
        const size = shape.reduce((product, side) => product * side, 1);
        const one = Uint8Array.from({ length: size }, () => draw() * 256);
        const other = one.map((pixel) => (draw() < share ? draw() * 256 : pixel));
        const pair = [pictureOf(one), pictureOf(other)] as const;
        const coarse = coarseOf(pair, shape);
        const apart = Math.hypot(
          ...Array.from({ length: coarseLength }, (_, at) => coarse[at]! - coarse[coarseLength + at]!),
        );
        expect(apart).toBeLessThanOrEqual(difference(...pair) + 1e-5);
      },
    ),
  );
});

test('every pair that is near is found, once, and no picture is paired with itself', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0.05, max: 0.6, noNaN: true }), (seed, bound) => {
      const draw = drawsFrom(seed);
      const shape = [1, 12, 12];
      const first = Array.from({ length: 30 }, () => Uint8Array.from({ length: 144 }, () => draw() * 256));
      // And the same again, a little lighter and with some noise.
      const noise = draw() * 80;
      const all = [...first, ...first.map((pixels) => pixels.map((pixel) => Math.min(255, pixel + noise * draw())))];
      const pictures = all.map(pictureOf);
      const found: string[] = [];
      const indices = Int32Array.from(pictures.keys());
      const search = nearPairs(coarseOf(pictures, shape), indices, bound, (one, other) =>
        found.push([Math.min(one, other), Math.max(one, other)].join(' ')),
      );
      expect([...search].every((done) => done <= pictures.length)).toBe(true);
      expect(new Set(found).size).toBe(found.length);
      for (let one = 0; one < pictures.length; one++) {
        expect(found).not.toContain(`${one} ${one}`);
        for (let other = one + 1; other < pictures.length; other++) {
          if (difference(pictures[one]!, pictures[other]!) <= bound) expect(found).toContain(`${one} ${other}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});
