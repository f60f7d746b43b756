import type { TargetScaling } from '../../training/plan-targets.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts';

/**
 * The same network with its output in units of the targets: output · scale + offset, in float32 whatever the network
 * computes with, since targets may be large.
 */
export function inTargetUnits(model: OnnxModel, { scale, offset }: TargetScaling): OnnxModel {
  const { graph } = model;
  const [output] = graph.outputs;
  if (output === undefined) throw new Error('a network has an output');
  const standardised = 'standardised_output';
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => (name === output.name ? standardised : name)),
  }));
  const constants = [constant('target_scale', scale), constant('target_offset', offset)];
  const ends: readonly OnnxNode[] = [
    operation('Mul', [standardised, 'target_scale'], 'scaled_output'),
    operation('Add', ['scaled_output', 'target_offset'], output.name),
  ];
  return {
    ...model,
    graph: { ...graph, nodes: [...nodes, ...ends], initialisers: [...graph.initialisers, ...constants] },
  };
}

function operation(operator: string, inputs: readonly string[], output: string): OnnxNode {
  return { name: `targets/${operator}`, operator, inputs, outputs: [output], attributes: {} };
}

function constant(name: string, values: readonly number[]): OnnxTensor {
  return { name, type: 'float32', shape: [values.length], data: new Uint8Array(Float32Array.from(values).buffer) };
}
