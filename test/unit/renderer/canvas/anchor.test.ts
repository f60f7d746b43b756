import { describe, expect, it } from 'vitest';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { anchored } from '../../../../renderer/features/design/canvas/anchor.ts';
import { kept } from '../../../../renderer/features/design/canvas/stage.ts';
import { sample } from './sample.ts';

const conv: NetworkNode = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, padding: 1 } };
const body: NetworkNode = { type: 'Sequential', children: [conv, { type: 'ReLU' }] };
const chain = (...children: readonly NetworkNode[]): NetworkNode => ({ type: 'Sequential', children });

const plain = sample([], chain(conv, { type: 'Residual', body }, conv));
const projected = sample([], chain(conv, { type: 'Residual', body, shortcut: conv }, conv));
const residual = 'networks.main.children[1]';
const shortcut = `${residual}.shortcut`;

const addresses = (pair: ReturnType<typeof anchored>) => pair?.map(({ address }) => address);

describe('what stays where it is when the drawing changes', () => {
  it('is the same module before and after, where only one of both drawings has the wanted one', () => {
    expect(addresses(anchored(plain, projected, shortcut))).toEqual([residual, residual]);
    expect(addresses(anchored(projected, plain, shortcut))).toEqual([residual, residual]);
    expect(addresses(anchored(plain, projected, residual))).toEqual([residual, residual]);
  });

  it('is the first module where none is wanted', () => {
    expect(addresses(anchored(plain, projected, undefined))).toEqual(Array(2).fill('networks.main.children[0]'));
  });

  it('comes back to the pixel after undo and redo, whatever is selected then', () => {
    const start = { x: 120, y: -40, zoom: 0.8 };
    for (const undone of [undefined, residual, 'networks.main.children[2]']) {
      for (const redone of [shortcut, residual, 'networks.main.children[0]']) {
        const back = kept(start, ...anchored(projected, plain, undone)!);
        const again = kept(back, ...anchored(plain, projected, redone)!);
        expect(again.x).toBeCloseTo(start.x, 6);
      }
    }
  });
});
