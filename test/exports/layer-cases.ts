import { layersOf } from '../../core/network/resolved.ts';
import type { ResolvedNode } from '../../core/network/resolved.ts';
import { resolveNetwork } from '../../core/network/resolve.ts';
import type { NetworkNode } from '../../core/network/tree.ts';
import { elementCount } from '../../core/catalogue/shape.ts';
import { layerTypes } from '../../core/catalogue/catalogue.ts';
import type { SampleTensor } from '../../core/export/subject.ts';
import type { StoredTensor } from '../../core/weights/stored-tensor.ts';
import layerValues from '../baselines/layer-values.json' with { type: 'json' };
import { filled } from '../native/weights.ts';

/** A layer or container as a network of its own, with what turns one tensor into those that it takes. */
export interface LayerCase {
  readonly name: string;
  readonly main: NetworkNode;
  readonly resolved: ResolvedNode;
  /** Whether it gets whole numbers, from 0 to 255. */
  readonly isWhole: boolean;
}

interface ValuesCase {
  readonly name: string;
  readonly isWhole: boolean;
  readonly middle: readonly NetworkNode[];
}

/** Every layer with default and unusual options: those of layer_values.py, and dropout, which is nothing in evaluation. */
export function layerCases(): readonly LayerCase[] {
  const { cases } = layerValues as unknown as { readonly cases: readonly ValuesCase[] };
  const dropout = layerTypes
    .filter(({ family }) => family === 'dropout')
    .map(({ name }) => ({ name, isWhole: false, middle: [...shaping(name), { type: name }] }));
  const seen = new Map<string, number>();
  return [...cases, ...dropout].map(({ name, isWhole, middle }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const main: NetworkNode = { type: 'Sequential', children: middle };
    const resolution = resolveNetwork(main, {}, [isWhole ? [3, 4, 4] : [6, 15, 15]]);
    if (!resolution.ok) throw new Error(`${name}: ${resolution.failures[0]!.message}`);
    return { name: `${name} ${times}`, main, resolved: resolution.network, isWhole };
  });
}

/** What makes an image fit a layer of other dimensions. */
function shaping(name: string): readonly NetworkNode[] {
  if (name.endsWith('1d')) return [{ type: 'Flatten', options: { start_dim: 2 } }];
  return name.endsWith('3d') ? [{ type: 'Reshape', options: { shape: [2, 3, 15, 15] } }] : [];
}

/** Names of all layers and containers of a tree. */
export function typesIn(main: NetworkNode): ReadonlySet<string> {
  return new Set([...JSON.stringify(main).matchAll(/"type":"(\w+)"/g)].map(([, type]) => type!));
}

const batch = 3;

/** By formula, everything within reach of a float32's precision. */
export function weightsOf(network: ResolvedNode): readonly StoredTensor[] {
  const layers = [...layersOf(network)];
  const tensors = layers.flatMap(({ parameters, buffers }) => [...parameters, ...buffers]);
  return tensors.map(({ name, shape }, ordinal) => {
    if (name.endsWith('num_batches_tracked')) return { name, type: 'I64', shape, data: new Uint8Array(8) };
    const isVariance = name.endsWith('running_var');
    const data = filled(ordinal, elementCount(shape), isVariance ? [1, 0.5, false] : [0, 0.4, false]);
    return { name, type: 'F32', shape, data: new Uint8Array(data.buffer) };
  });
}

export function samplesOf({ resolved, isWhole }: LayerCase): SampleTensor {
  const shape = [batch, ...resolved.input];
  const values = filled(1000, elementCount(shape), [0, 1, false]);
  return { shape, data: isWhole ? values.map((value) => Math.floor(128 * (value + 1))) : values };
}
