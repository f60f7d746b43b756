import { expect, it } from 'vitest';
import { sampleAnimation } from '../../../main/generation/sample-pictures.ts';

it('a walk goes there and back, its ends shown once', () => {
  const pixels = Uint8Array.from({ length: 3 * 4 }, (_, at) => at * 20);
  const made = { epoch: 1, rowNames: [], columns: 1, frames: 3, imageShape: [1, 2, 2], pixels };
  const gif = Buffer.from(sampleAnimation(made));
  expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  // Two pixels doubled, with gaps of two around.
  expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([8, 8]);
  // A graphic control extension for each of 1, 2, 3 and 2 again.
  expect(gif.toString('latin1').split('\x21\xf9\x04').length - 1).toBe(4);
});
