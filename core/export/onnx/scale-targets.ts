import type { TargetMapping } from '../../training/plan-targets.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts';

/**
 * The same network with its output in units of the targets: output · scale + offset, in float32 whatever the network
 * computes with, since targets may be large, or the exponential of the output.
 */
export function inTargetUnits(model: OnnxModel, mapping: TargetMapping): OnnxModel {
  const { graph } = model;
  const [output] = graph.outputs;
  if (output === undefined) throw new Error('a network has an output');
  const learnt = mapping === 'exponential' ? 'logarithms' : 'standardised_output';
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === output.name ? learnt : name)),
  }));
  const { ends, constants } = mappingNodes(mapping, learnt, output.name);
  return {
    ...model,
    graph: { ...graph, nodes: [...nodes, ...ends], initialisers: [...graph.initialisers, ...constants] },
  };
}

function mappingNodes(
  mapping: TargetMapping,
  input: string,
  output: string,
): { readonly ends: readonly OnnxNode[]; readonly constants: readonly OnnxTensor[] } {
  if (mapping === 'exponential') return { ends: [operation('Exp', [input], output)], constants: [] };
  return {
    ends: [
      operation('Mul', [input, 'target_scale'], 'scaled_output'),
      operation('Add', ['scaled_output', 'target_offset'], output),
    ],
    constants: [constant('target_scale', mapping.scale), constant('target_offset', mapping.offset)],
  };
}

function operation(operator: string, inputs: readonly string[], output: string): OnnxNode {
  return { name: `targets/${operator}`, operator, inputs, outputs: [output], attributes: {} };
}

function constant(name: string, values: readonly number[]): OnnxTensor {
  return { name, type: 'float32', shape: [values.length], data: new Uint8Array(Float32Array.from(values).buffer) };
}
