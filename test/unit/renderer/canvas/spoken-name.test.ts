import { describe, expect, it } from 'vitest';
import { drawNetwork } from '../../../../core/drawing/draw.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { spokenName } from '../../../../renderer/features/design/canvas/spoken-name.ts';
import { facts, sample } from './sample.ts';

const drawing = sample();

function spoken(path: string): string {
  const module = drawing.modules.find(({ address }) => address === `networks.main${path}`)!;
  return spokenName(drawing, module, facts.failure);
}

describe('what is said of a module', () => {
  it('is its options, its place, its shape', () => {
    expect(spoken('.children[0]')).toMatch(/^Conv2d 8, 3×3.*, 1 of 4, output 8 × 28 × 28, 80 parameters$/);
    expect(spoken('.children[1].body.children[1]')).toBe('ReLU, in body, 2 of 2, output 8 × 28 × 28');
    expect(spoken('.children[1].shortcut')).toMatch(/shortcut, in unit, .*frozen$/);
    expect(spoken('.children[2].branches[1]')).toMatch(/branch 2, in Fork/);
  });

  it('is its error in the words of the failure', () => {
    const broken: NetworkNode = {
      type: 'Sequential',
      children: [{ type: 'Conv2d', options: { in_channels: 3, out_channels: 8, kernel_size: 3 } }],
    };
    const known = factsOf(broken, {}, [[1, 28, 28]]);
    const drawn = drawNetwork({ networks: { main: broken } }, known, { root: 'networks.main', closed: new Set() });
    const faulty = drawn.modules.find(({ isFaulty }) => isFaulty)!;
    expect(spokenName(drawn, faulty, known.failure)).toContain(`error: ${known.failure!.message}`);
  });
});
