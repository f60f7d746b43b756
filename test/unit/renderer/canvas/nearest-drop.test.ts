import { describe, expect, it } from 'vitest';
import { distanceTo, isWithin, nearestDrop, openTo } from '../../../../renderer/features/design/canvas/nearest-drop.ts';
import { sample } from './sample.ts';

const drawing = sample();

describe('drop points', () => {
  it('take what is let go over them, or near', () => {
    for (const drop of drawing.drops) {
      const middle = { x: drop.x + drop.width / 2, y: drop.y + drop.height / 2 };
      const found = nearestDrop(drawing.drops, middle, 0);
      expect(found === undefined ? undefined : distanceTo(found, middle)).toBe(0);
    }
    expect(nearestDrop(drawing.drops, { x: -500, y: -500 }, 100)).toBeUndefined();
  });

  it('do not take a module into itself', () => {
    const own = 'networks.main.children[1]';
    const open = openTo(drawing.drops, [own]);
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThan(drawing.drops.length);
    for (const { address, side } of open)
      expect(side === 'at' && address === own ? false : isWithin(address, own)).toBe(false);
    expect(openTo(drawing.drops, [])).toBe(drawing.drops);
  });

  it('tell a module inside from one that begins alike', () => {
    expect(isWithin('networks.main.children[1].body', 'networks.main.children[1]')).toBe(true);
    expect(isWithin('networks.main.children[1]/blocks.A.body', 'networks.main.children[1]')).toBe(true);
    expect(isWithin('networks.main.children[12]', 'networks.main.children[1]')).toBe(false);
    expect(isWithin('blocks.Ab.body', 'blocks.A')).toBe(false);
  });
});
