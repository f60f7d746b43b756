import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawNetwork } from '../../../../core/drawing/draw.ts';
import type { Drawing } from '../../../../core/drawing/drawing.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { networks } from '../network/arbitrary-network.ts';
import { faultsOf } from './geometry.ts';

const root = 'networks.main';

function draw(main: NetworkNode, isInColumns: boolean): Drawing {
  return drawNetwork({ networks: { main } }, factsOf(main, {}, [[3, 8, 8]]), { root, closed: new Set(), isInColumns });
}

const unit: readonly NetworkNode[] = [
  { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, padding: 1 } },
  { type: 'BatchNorm2d' },
  { type: 'ReLU' },
];
const chain = (units: number): NetworkNode => ({
  type: 'Sequential',
  children: Array.from({ length: units }, () => unit).flat(),
});
const places = ({ drops }: Drawing) => drops.map(({ address, side }) => `${side} ${address}`).toSorted();
const addresses = ({ modules }: Drawing) => modules.map(({ address }) => address);

describe('a drawing in columns', () => {
  it('is in order, and shows and takes the same modules as one column', () => {
    const long = fc
      .array(networks, { minLength: 1, maxLength: 12 })
      .map((children): NetworkNode => ({ type: 'Sequential', children }));
    fc.assert(
      fc.property(fc.oneof(networks, long), (network) => {
        const [one, wrapped] = [draw(network, false), draw(network, true)];
        expect(faultsOf(wrapped)).toEqual([]);
        expect(addresses(wrapped)).toEqual(addresses(one));
        expect(places(wrapped)).toEqual(places(one));
        expect(wrapped.lines).toHaveLength(one.lines.length);
      }),
      { numRuns: 40 },
    );
  });

  it('is about as wide as a window where one column is many times as high', () => {
    const one = draw(chain(36), false);
    expect(one.height / one.width).toBeGreaterThan(20);
    const { width, height } = draw(chain(36), true);
    expect(width / height).toBeGreaterThan(0.75);
    expect(width / height).toBeLessThan(3);
  });

  it('leaves a chain as it is that is seen whole', () => {
    const [one, wrapped] = [draw(chain(2), false), draw(chain(2), true)];
    expect(wrapped.modules).toEqual(one.modules);
    expect(wrapped.marks).toEqual(one.marks);
  });
});
