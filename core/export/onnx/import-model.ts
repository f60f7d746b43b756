import { FailureError } from '../../failure.ts';
import type { NetworkName } from '../../network/tree.ts';
import { layersOf } from '../../network/resolved.ts';
import type { ResolvedLayer } from '../../network/resolved.ts';
import { parseForm } from '../../project/parse.ts';
import { resolveProject } from '../../project/project-facts.ts';
import type { Project } from '../../project/project.ts';
import type { StoredTensor } from '../../weights/stored-tensor.ts';
import { floatBytes } from './protobuf-writer.ts';
import { halfValue } from './half.ts';
import { ProtobufError } from './protobuf-reader.ts';
import { readModel } from './read-model.ts';
import { unpacked } from './recurrent-weights.ts';
import type { ReadOnnx, ReadTensor } from './read-model.ts';

/** A network that was exported here. */
export interface ImportedModel {
  readonly project: Project;
  readonly network: NetworkName;
  /** Parameters and buffers by PyTorch's names. */
  readonly tensors: readonly StoredTensor[];
}

/** A model begins with field 1, a number. So may a safetensors file, whose ninth byte is a brace. */
export function looksLikeModel(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[8] !== 0x7b;
}

/** The network of an ONNX file made here. Throws a FailureError for every other file. */
export function importModel(bytes: Uint8Array): ImportedModel {
  const model = read(bytes);
  const { project, network } = projectOf(model);
  const sample = sampleOf(model);
  const resolution = resolveProject(project, sample, network);
  if (!resolution.ok) throw new FailureError(resolution.failures[0]!);
  const layers = [...layersOf(resolution.network)];
  const wanted = layers.flatMap(({ parameters, buffers }) => [...parameters, ...buffers]);
  const found = withUnpacked(new Map(model.initialisers.map((tensor) => [tensor.name, tensor])), layers);
  const tensors = wanted.flatMap(({ name, shape }) => {
    // The graph computes without it.
    if (name.endsWith('num_batches_tracked') && !found.has(name)) return [countOf(name)];
    return [storedOf(name, shape, found)];
  });
  return { project, network, tensors: [...new Map(tensors.map((tensor) => [tensor.name, tensor])).values()] };
}

function read(bytes: Uint8Array): ReadOnnx {
  try {
    return readModel(bytes);
  } catch (error) {
    if (error instanceof ProtobufError) refuse(`This is not an ONNX file, or it is damaged: ${error.message}.`);
    throw error;
  }
}

function projectOf({ producer, metadata }: ReadOnnx): Pick<ImportedModel, 'project' | 'network'> {
  const text = metadata.get('torchwright.project');
  if (text === undefined) {
    const maker = producer === '' ? 'another program' : producer;
    refuse(`This ONNX file was made by ${maker}; only files exported by Torchwright can be opened as networks.`);
  }
  const parsed = parseForm(text);
  if (!parsed.ok) refuse(`The project in this ONNX file is damaged: ${parsed.failures[0]!.message}`);
  const network = metadata.get('torchwright.network') ?? 'main';
  if (network !== 'main' && network !== 'discriminator') refuse(`A project has no network called "${network}".`);
  return { project: parsed.project, network };
}

function sampleOf({ metadata }: ReadOnnx): readonly number[] {
  try {
    const sample: unknown = JSON.parse(metadata.get('torchwright.sample') ?? '');
    const isShape = Array.isArray(sample) && sample.every((size) => Number.isSafeInteger(size) && size > 0);
    if (isShape) return sample as readonly number[];
  } catch {
    // Told below.
  }
  return refuse('This ONNX file does not specify the input shape of its network.');
}

/** With the weights of recurrent layers, which lie together in a file; older files have them one by one. */
function withUnpacked(
  found: ReadonlyMap<string, ReadTensor>,
  layers: readonly ResolvedLayer[],
): ReadonlyMap<string, ReadTensor> {
  const all = new Map(found);
  for (const layer of layers) {
    const prefix = layer.key === '' ? '' : `${layer.key}.`;
    const weights = unpacked(layer, (name) => {
      const tensor = found.get(`${prefix}${name}`);
      if (tensor === undefined || !('outside' in tensor)) return tensor;
      return refuse('The weights of this file are stored in a separate file, which is too large to be read.');
    });
    for (const [name, tensor] of weights) all.set(`${prefix}${name}`, tensor);
  }
  return all;
}

function storedOf(name: string, shape: readonly number[], found: ReadonlyMap<string, ReadTensor>): StoredTensor {
  const tensor = found.get(name);
  if (tensor === undefined) {
    if (found.has(`${name}_quantized`)) {
      refuse('The weights of this file were rounded to int8; import the float32 export of the same run.');
    }
    return refuse(`This ONNX file has no weights called ${name}.`);
  }
  if ('outside' in tensor)
    return refuse('The weights of this file are stored in a separate file, which is too large to be read.');
  if (tensor.shape.join() !== shape.join()) {
    refuse(`${name} has the shape [${tensor.shape.join(', ')}] in this file, the network needs [${shape.join(', ')}].`);
  }
  if (tensor.type === 'float32') return { name, type: 'F32', shape, data: tensor.data };
  if (tensor.type === 'float16') return { name, type: 'F32', shape, data: widened(tensor.data) };
  return refuse(`${name} holds ${tensor.type} numbers in this file; weights are float32.`);
}

function widened(data: Uint8Array): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return floatBytes(Array.from({ length: data.length / 2 }, (_, index) => halfValue(view.getUint16(2 * index, true))));
}

function countOf(name: string): StoredTensor {
  return { name, type: 'I64', shape: [], data: new Uint8Array(8) };
}

function refuse(message: string): never {
  throw new FailureError({ code: 'badData', message });
}
