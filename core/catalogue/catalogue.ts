import { activation } from './activation.ts';
import { convolution } from './convolution.ts';
import { dropout } from './dropout.ts';
import type { LayerType } from './layer-type.ts';
import { linear } from './linear.ts';
import { normalisation } from './normalisation.ts';
import { padding } from './padding.ts';
import { patches } from './patches.ts';
import { pooling } from './pooling.ts';
import { rearrange } from './rearrange.ts';
import { reshape } from './reshape.ts';
import { upsample } from './upsample.ts';

/** Every layer there is, in the order of the palette. A new layer is a declaration in its family's file. */
export const layerTypes: readonly LayerType[] = [
  ...linear,
  ...convolution,
  ...patches,
  ...pooling,
  ...normalisation,
  ...dropout,
  ...activation,
  ...reshape,
  ...rearrange,
  ...padding,
  ...upsample,
];

const byName: ReadonlyMap<string, LayerType> = new Map(layerTypes.map((type) => [type.name, type]));

export function findLayerType(name: string): LayerType | undefined {
  return byName.get(name);
}
