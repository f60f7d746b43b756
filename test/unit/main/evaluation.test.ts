import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { mismatchGrid } from '../../../main/evaluation/mismatch-grid.ts';
import { readGlyphs } from '../../../main/evaluation/text.ts';

describe('the grid of mismatches', () => {
  it('shows each image crisp in the row of its class', async () => {
    const pixels = new Uint8Array(3 * 4 * 4);
    pixels.fill(200, 0, 16); // the red plane
    const image = { pixels, channels: 3, height: 4, width: 4 };
    const grid = decode(mismatchGrid([{ label: 1, judged: 0, image }], ['cat', 'dog'], await readGlyphs()));
    const reds: number[] = [];
    for (let at = 0; at < grid.data.length; at += 3) {
      if (grid.data[at] === 200 && grid.data[at + 1] === 0 && grid.data[at + 2] === 0) reds.push(at / 3);
    }
    // 4 × 4 pixels as squares of 2 × 2.
    expect(reds).toHaveLength(64);
    const rows = reds.map((at) => Math.floor(at / grid.width));
    expect(Math.min(...rows)).toBeGreaterThan(grid.height / 2);
    expect(Math.max(...rows) - Math.min(...rows)).toBe(7);
  });

  it('can be drawn when nothing is wrong', async () => {
    const grid = decode(mismatchGrid([], ['0', '1', '2'], await readGlyphs()));
    expect(grid.width).toBeGreaterThan(0);
  });

  it('the font has every sign that class names use', async () => {
    const { glyphs, width, height } = await readGlyphs();
    for (const sign of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -') {
      expect(glyphs[sign]?.map((row) => row.length)).toEqual(new Array<number>(height).fill(width));
    }
    const drawings = Object.values(glyphs).map((rows) => rows.join());
    expect(new Set(drawings).size).toBe(drawings.length);
  });
});
