import { createHash } from 'node:crypto';
import { pythonCode } from '../../core/code/python.ts';
import { makeModel } from '../../core/export/onnx/make-model.ts';
import { makeScript } from '../../core/export/torchscript/make-script.ts';
import { layersOf } from '../../core/network/resolved.ts';
import type { ResolvedNode } from '../../core/network/resolved.ts';
import type { NetworkName } from '../../core/network/tree.ts';
import { elementCount } from '../../core/catalogue/shape.ts';
import { knownData } from '../../core/project/known-data.ts';
import { FailureError } from '../../core/failure.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import type { Project } from '../../core/project/project.ts';
import type { StoredTensor } from '../../core/weights/stored-tensor.ts';

/** SHA-256 of all that exporters write about a network but its weights: another one is another network, or other code. */
export function hashOfWritten(project: Project, name: NetworkName): string {
  const resolution = resolveProject(project, knownData.get(project.data.source)!.inputShape, name);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  return hashOfNetwork(resolution.network, pythonCode(project, resolution.network, name).text);
}

export function hashOfNetwork(network: ResolvedNode, source: string): string {
  const script = unlessRefused(() => makeScript(network, false));
  return createHash('sha256')
    .update(JSON.stringify([unlessRefused(() => graphOf(network)), script, source]))
    .digest('hex');
}

function graphOf(network: ResolvedNode): unknown {
  const { graph } = makeModel({
    resolved: network,
    tensors: zerosOf(network),
    inputs: network.inputs.map((_, index) => `input${index}`),
    preprocessing: null,
    documentation: '',
    metadata: {},
  }).model;
  return { ...graph, initialisers: graph.initialisers.map(({ name, shape }) => [name, shape]) };
}

/** Of a refusal its code: its words may change. */
function unlessRefused(write: () => unknown): unknown {
  try {
    return write();
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
}

function zerosOf(network: ResolvedNode): readonly StoredTensor[] {
  const layers = [...layersOf(network)];
  return layers
    .flatMap(({ parameters, buffers }) => [...parameters, ...buffers])
    .map(({ name, shape }) => ({ name, type: 'F32', shape, data: new Uint8Array(4 * elementCount(shape)) }));
}
