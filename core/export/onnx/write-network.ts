import { FailureError } from '../../failure.ts';
import type { ResolvedLayer, ResolvedNode } from '../../network/resolved.ts';
import type { JoinKind } from '../../network/tree.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { LayerToWrite } from './layer-writer.ts';
import { findLayerWriter, inexpressible } from './layer-writers.ts';
import { joined } from './layers/combine.ts';
import { runRecurrent } from './layers/recurrent.ts';

type Names = readonly string[];
type Made = (node: ResolvedNode, outputs: Names) => void;

/**
 * Adds what computes a network in evaluation mode; gives the names of its outputs. `made` hears of each layer and join,
 * in the order in which they compute, as often as they do. Throws a FailureError for a layer that ONNX cannot have.
 */
export function writeNetwork(graph: GraphBuilder, node: ResolvedNode, inputs: Names, made: Made): Names {
  const write = (part: ResolvedNode, flow: Names) => writeNetwork(graph, part, flow, made);
  const told = (outputs: Names) => {
    made(node, outputs);
    return outputs;
  };
  switch (node.type) {
    case 'Layer':
      return told([writeLayer(graph, node, inputs)]);
    case 'Sequential':
      return node.children.reduce((flow, child) => past(child, flow, write), inputs);
    case 'Residual': {
      const [x] = inputs;
      const [body] = write(node.body, [x!]);
      const [beside] = node.shortcut === null ? [x] : write(node.shortcut, [x!]);
      graph.under(node.key);
      const sum = told([graph.node('Add', [body!, beside!])]);
      return node.after === null ? sum : write(node.after, sum);
    }
    case 'Fork':
    case 'Join': {
      const given = (index: number) => [inputs[node.type === 'Join' ? index : 0]!];
      const outputs = node.branches.flatMap((branch, index) => write(branch, given(index)));
      graph.under(node.key);
      return told(joinedFlow(graph, node, outputs));
    }
    case 'Repeat': {
      let flow = inputs;
      for (let pass = 0; pass < node.count; pass++) flow = past(node.body, flow, write);
      return flow;
    }
    case 'Transform':
      return write(node.evaluation, inputs);
    case 'NBeats': {
      let [rest] = inputs;
      const forecasts = node.children.map((block, index) => {
        const [backcast, forecast] = write(block, [rest!]);
        graph.under(node.key);
        // What the last block leaves is asked for by nobody.
        if (index + 1 < node.children.length) rest = graph.node('Sub', [rest!, backcast!]);
        return forecast!;
      });
      return told([forecasts.reduce((sum, forecast) => graph.node('Add', [sum, forecast]))]);
    }
    case 'Recurrent': {
      const [x] = node.before === null ? inputs : write(node.before, inputs);
      graph.under(node.body.key);
      const run = runRecurrent(layerToWrite(graph, node.body), x!);
      made(node.body, [run.sequence]);
      graph.under(node.key);
      const last = () => graph.node('Gather', [run.sequence, graph.index(-1)], { axis: { kind: 'int', value: 1 } });
      const flow = node.handsOn.map((output) => (output === 'last' ? last() : run[output]));
      return node.after === null ? flow : past(node.after, flow, write);
    }
  }
}

/** What flows on behind a module that takes the first of the flow. */
function past(module: ResolvedNode, flow: Names, write: (node: ResolvedNode, flow: Names) => Names): Names {
  const count = module.inputs.length;
  return [...write(module, flow.slice(0, count)), ...flow.slice(count)];
}

function joinedFlow(
  graph: GraphBuilder,
  { branches, join }: Extract<ResolvedNode, { type: 'Fork' | 'Join' }>,
  outputs: Names,
): Names {
  const kind: JoinKind = join.kind;
  if (kind === 'tuple') return outputs;
  const rank = branches[0]!.output.length;
  return [joined(graph, kind, join.dim, rank, outputs)];
}

function writeLayer(graph: GraphBuilder, resolved: ResolvedLayer, inputs: Names): string {
  const writer = findLayerWriter(resolved.layer);
  if (writer === undefined) {
    const why = inexpressible[resolved.layer] ?? 'there is no such operation in it yet';
    throw new FailureError({
      code: 'badNetwork',
      message: `${resolved.path} (${resolved.layer}) cannot be written as ONNX: ${why}.`,
      at: resolved.path,
      advice: 'Export as TorchScript or Python instead, or replace the module.',
    });
  }
  graph.under(resolved.key);
  const [x, ...more] = inputs;
  return writer(layerToWrite(graph, resolved), x!, ...more);
}

function layerToWrite(graph: GraphBuilder, resolved: ResolvedLayer): LayerToWrite {
  const prefix = resolved.key === '' ? '' : `${resolved.key}.`;
  const own = new Set([...resolved.parameters, ...resolved.buffers].map(({ name }) => name));
  return {
    graph,
    resolved,
    options: resolved.options,
    weight: (name) => (own.has(`${prefix}${name}`) ? graph.weight(`${prefix}${name}`) : undefined),
    has: (name) => own.has(`${prefix}${name}`),
    stored: (name) => graph.stored(`${prefix}${name}`),
    made: (name, make) => graph.made(`${prefix}${name}`, make),
  };
}
