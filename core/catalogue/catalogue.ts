import { activation } from './activation.ts';
import { attention } from './attention.ts';
import { combine } from './combine.ts';
import { convolution } from './convolution.ts';
import { distance } from './distance.ts';
import { dropout } from './dropout.ts';
import type { LayerType } from './layer-type.ts';
import { embedding } from './embedding.ts';
import { fractionalPooling } from './fractional-pooling.ts';
import { linear } from './linear.ts';
import { normalisation } from './normalisation.ts';
import { padding } from './padding.ts';
import { patches } from './patches.ts';
import { pooling } from './pooling.ts';
import { rearrange } from './rearrange.ts';
import { recurrent } from './recurrent.ts';
import { reshape } from './reshape.ts';
import { transform } from './transform.ts';
import { transformer } from './transformer.ts';
import { upsample } from './upsample.ts';

/** Every layer there is, in the order of the palette. A new layer is a declaration in its family's file. */
export const layerTypes: readonly LayerType[] = [
  ...linear,
  ...convolution,
  ...patches,
  ...pooling,
  ...fractionalPooling,
  ...normalisation,
  ...dropout,
  ...activation,
  ...embedding,
  ...recurrent,
  ...reshape,
  ...rearrange,
  ...padding,
  ...upsample,
  ...transform,
  ...attention,
  ...transformer,
  ...combine,
  ...distance,
];

const byName: ReadonlyMap<string, LayerType> = new Map(layerTypes.map((type) => [type.name, type]));

export function findLayerType(name: string): LayerType | undefined {
  return byName.get(name);
}
