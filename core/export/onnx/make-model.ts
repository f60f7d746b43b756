import type { Shape } from '../../catalogue/shape.ts';
import type { ResolvedNode } from '../../network/resolved.ts';
import type { StoredTensor } from '../../weights/stored-tensor.ts';
import type { Preprocessing } from '../subject.ts';
import { GraphBuilder } from './graph-builder.ts';
import { int, onnxTypes } from './model.ts';
import type { OnnxModel, OnnxType, OnnxValue } from './model.ts';
import { forOpset, irVersionOf } from './opset.ts';
import { writeNetwork } from './write-network.ts';

export interface NetworkToWrite {
  readonly resolved: ResolvedNode;
  readonly tensors: readonly StoredTensor[];
  /** Names of what it takes, one for each tensor. */
  readonly inputs: readonly string[];
  /** Where given, the first input is a stored sample, and the graph preprocesses it. */
  readonly preprocessing: Preprocessing | null;
  /** The set of operators to write for; absent: the lowest that the network needs. */
  readonly opset?: number;
  readonly documentation: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a module makes, to be looked at one by one. */
export interface ModuleTensors {
  /** Prefix of its parameters' names. */
  readonly key: string;
  readonly tensors: readonly OnnxValue[];
}

export interface MadeModel {
  readonly model: OnnxModel;
  /** Of each layer and join, in the order in which they compute. */
  readonly modules: readonly ModuleTensors[];
}

/** The network in evaluation mode, its weights under PyTorch's names. Throws a FailureError for what ONNX cannot have. */
export function makeModel(network: NetworkToWrite): MadeModel {
  const { resolved, preprocessing } = network;
  const output = 'output';
  const graph = new GraphBuilder(network.tensors, [...network.inputs, output]);
  const modules: ModuleTensors[] = [];
  const [first, ...more] = network.inputs;
  const given = preprocessing === null ? first! : preprocessed(graph, first!, preprocessing);
  const [made] = writeNetwork(graph, resolved, [given, ...more], (node, names) => {
    const tensors = names.map((name, index) => valueOf(name, 'float32', node.outputs[index]!));
    modules.push({ key: node.key, tensors });
  });
  graph.under('');
  const all = [
    ...graph.nodes,
    { name: output, operator: 'Identity', inputs: [made!], outputs: [output], attributes: {} },
  ];
  const { opset, nodes, initialisers } = forOpset({ nodes: all, initialisers: graph.initialisers }, network.opset);
  const inputs = network.inputs.map((name, index) => {
    const isStored = index === 0 && preprocessing?.isBytes === true;
    return valueOf(name, isStored ? 'uint8' : 'float32', resolved.inputs[index]!);
  });
  const model: OnnxModel = {
    irVersion: irVersionOf(opset),
    opset,
    producer: { name: 'Torchwright', version: '' },
    documentation: network.documentation,
    metadata: network.metadata,
    graph: {
      name: 'network',
      nodes,
      initialisers,
      inputs,
      outputs: [valueOf(output, 'float32', resolved.output)],
    },
  };
  return { model, modules };
}

/** Any number of samples at a time. */
function valueOf(name: string, type: OnnxType, sample: Shape): OnnxValue {
  return { name, type, shape: ['batch', ...sample] };
}

function preprocessed(graph: GraphBuilder, x: string, { shape, isBytes, scale, offset }: Preprocessing): string {
  graph.under('preprocessing');
  const floats = isBytes ? graph.node('Cast', [x], { to: int(onnxTypes.float32) }) : x;
  const beside = [scale.length, ...shape.slice(1).map(() => 1)];
  const scaled = graph.node('Mul', [floats, graph.floats(beside, scale)]);
  return graph.node('Add', [scaled, graph.floats(beside, offset)]);
}
