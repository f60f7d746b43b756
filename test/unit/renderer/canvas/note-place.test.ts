import { describe, expect, it } from 'vitest';
import type { Box, Drawing } from '../../../../core/drawing/drawing.ts';
import { notePlace } from '../../../../renderer/features/design/canvas/note-place.ts';
import { overlaps } from '../../../../renderer/features/design/canvas/region.ts';
import { sample } from './sample.ts';

const everything = { x: -1000, y: -1000, width: 4000, height: 4000 };
const note = { width: 220, height: 130 };

function placed(drawing: Drawing, address: string, seen = everything, covers: readonly Box[] = []) {
  const module = drawing.modules.find((each) => each.address === address)!;
  const place = notePlace(drawing, module, note, seen, covers);
  const box = { ...note, ...place };
  const isAround = (other: string): boolean => address.startsWith(other);
  const hidden = drawing.modules.filter((each) => !isAround(each.address) && overlaps(each, box));
  return { module, place, box, hidden };
}

describe('a note on a module', () => {
  const drawing = sample();

  it('stands right of it where nothing is', () => {
    const { module, place, hidden } = placed(drawing, 'networks.main.children[3]');
    expect(place).toEqual({ x: module.x + module.width + 10, y: module.y });
    expect(hidden).toEqual([]);
  });

  it.for(drawing.modules.map(({ address }) => address))('hides no other module: %s', (address) => {
    expect(placed(drawing, address).hidden).toEqual([]);
  });

  it('stands further away where there is no room beside it', () => {
    const address = 'networks.main.children[2].branches[0].children[0]';
    const seen = { x: -20, y: 0, width: drawing.width + 40, height: drawing.height + 300 };
    const { place, hidden } = placed(drawing, address, seen);
    expect(hidden).toEqual([]);
    expect(overlaps({ ...note, ...place }, seen)).toBe(true);
  });

  it('lies under nothing that covers the canvas, and beside its module', () => {
    const address = 'networks.main.children[2]';
    const seen = { x: -150, y: -200, width: drawing.width + 300, height: drawing.height + 400 };
    const wide = placed(drawing, address, seen);
    const { box, hidden } = placed(drawing, address, seen, [wide.box]);
    expect(overlaps(box, wide.box)).toBe(false);
    expect(hidden).toEqual([]);
    for (const corner of [seen.x, seen.x + seen.width - 40]) {
      const button = { x: corner, y: seen.y, width: 40, height: drawing.height };
      expect(overlaps(placed(drawing, address, seen, [button]).box, button)).toBe(false);
    }
  });

  it('stays in sight', () => {
    const seen = { x: 0, y: 0, width: drawing.width, height: drawing.height };
    const { place } = placed(drawing, 'networks.main.children[3]', seen);
    expect(place.x).toBeLessThan(seen.width);
    expect(place.y).toBeLessThan(seen.height);
  });
});
