import { drawNetwork } from '../../../../core/drawing/draw.ts';
import type { Drawing } from '../../../../core/drawing/drawing.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';

const conv: NetworkNode = { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, padding: 1 } };

/** Conv2d, a Residual with a shortcut, a Fork of two branches, ReLU. */
export const network: NetworkNode = {
  type: 'Sequential',
  children: [
    conv,
    {
      type: 'Residual',
      name: 'unit',
      body: { type: 'Sequential', children: [conv, { type: 'ReLU' }] },
      shortcut: { type: 'Conv2d', frozen: true, options: { out_channels: 8, kernel_size: 1 } },
      after: { type: 'ReLU' },
    },
    { type: 'Fork', join: { kind: 'cat' }, branches: [{ type: 'Sequential', children: [conv, conv] }, conv] },
    { type: 'ReLU' },
  ],
};

export const facts = factsOf(network, {}, [[1, 28, 28]]);

export function sample(closed: readonly string[] = [], main = network): Drawing {
  return drawNetwork({ networks: { main } }, main === network ? facts : null, {
    root: 'networks.main',
    closed: new Set(closed),
  });
}
