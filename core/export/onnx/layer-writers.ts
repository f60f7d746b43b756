import type { LayerWriter } from './layer-writer.ts';
import { activation } from './layers/activation.ts';
import { adaptivePooling } from './layers/adaptive-pooling.ts';
import { attention } from './layers/attention.ts';
import { combine } from './layers/combine.ts';
import { convolution } from './layers/convolution.ts';
import { embedding } from './layers/embedding.ts';
import { linear } from './layers/linear.ts';
import { neighbouringNorms } from './layers/neighbouring-norms.ts';
import { normalisation } from './layers/normalisation.ts';
import { padding } from './layers/padding.ts';
import { patches } from './layers/patches.ts';
import { pooling } from './layers/pooling.ts';
import { recurrent } from './layers/recurrent.ts';
import { reshape } from './layers/reshape.ts';
import { resize } from './layers/resize.ts';
import { transform } from './layers/transform.ts';
import { transformer } from './layers/transformer.ts';

const writers: ReadonlyMap<string, LayerWriter> = new Map(
  Object.entries({
    ...linear,
    ...convolution,
    ...patches,
    ...pooling,
    ...adaptivePooling,
    ...normalisation,
    ...neighbouringNorms,
    ...activation,
    ...embedding,
    ...recurrent,
    ...reshape,
    ...padding,
    ...resize,
    ...transform,
    ...attention,
    ...transformer,
    ...combine,
  }),
);

/** Why ONNX cannot have a layer. */
export const inexpressible: Readonly<Record<string, string>> = {
  FractionalMaxPool2d: 'it lays its windows at random in evaluation too, and a graph of ONNX gives the same each time',
  FractionalMaxPool3d: 'it lays its windows at random in evaluation too, and a graph of ONNX gives the same each time',
};

export function findLayerWriter(layer: string): LayerWriter | undefined {
  return writers.get(layer);
}
