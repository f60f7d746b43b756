import type { RecurrentOptions } from '../../../catalogue/recurrent.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { int, text, texts } from '../model.ts';
import { required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { projectedDirection } from './projected-lstm.ts';

export const recurrent: Readonly<Record<string, LayerWriter>> = {
  RNN: (layer, x) => runRecurrent(layer, x).sequence,
  GRU: (layer, x) => runRecurrent(layer, x).sequence,
  LSTM: (layer, x) => runRecurrent(layer, x).sequence,
};

export interface RecurrentTensors {
  /** [batch, length, features] */
  readonly sequence: string;
  /** The state after the last step, for each layer and direction: [batch, layers · directions, features]. */
  readonly hidden: string;
}

/** Which of PyTorch's blocks of rows stand where ONNX wants its gates: LSTM's i f g o as i o f g, GRU's r z n as z r n. */
const gateOrders: Readonly<Record<string, readonly number[]>> = { RNN: [0], GRU: [1, 0, 2], LSTM: [0, 3, 1, 2] };

/** All layers on top of each other, from a state of zeros. */
export function runRecurrent(layer: LayerToWrite, x: string): RecurrentTensors {
  const { graph, resolved } = layer;
  const { num_layers: layers, bidirectional } = resolved.options as unknown as RecurrentOptions;
  const directions = bidirectional ? ['', '_reverse'] : [''];
  // ONNX has the steps first.
  let steps = graph.transpose(x, [1, 0, 2]);
  const states: string[] = [];
  for (let number = 0; number < layers; number++) {
    const run = oneLayer(
      layer,
      steps,
      directions.map((direction) => `_l${number}${direction}`),
    );
    steps = run.sequence;
    states.push(...run.states);
  }
  return {
    sequence: graph.transpose(steps, [1, 0, 2]),
    hidden: graph.transpose(graph.concatenate(states, 0), [1, 0, 2]),
  };
}

interface LayerRun {
  /** [length, batch, features] */
  readonly sequence: string;
  /** [directions, batch, features], or one of a direction each. */
  readonly states: readonly string[];
}

/** `suffixes` of the names of its weights, one a direction. */
function oneLayer(layer: LayerToWrite, steps: string, suffixes: readonly string[]): LayerRun {
  const { graph, resolved } = layer;
  const { proj_size: projected = 0 } = resolved.options as unknown as RecurrentOptions;
  if (projected > 0) {
    const runs = suffixes.map((suffix) => projectedDirection(layer, steps, suffix));
    return {
      sequence: graph.concatenate(
        runs.map(({ sequence }) => sequence),
        2,
      ),
      states: runs.map(({ state }) => graph.node('Unsqueeze', [state, graph.ints([0])])),
    };
  }
  return operatorLayer(layer, steps, suffixes);
}

/** ONNX's own RNN, GRU or LSTM. */
function operatorLayer(layer: LayerToWrite, steps: string, suffixes: readonly string[]): LayerRun {
  const { graph, resolved } = layer;
  const { hidden_size: hidden } = resolved.options as unknown as RecurrentOptions;
  const order = gateOrders[resolved.layer]!;
  const all = (name: string) =>
    graph.concatenate(
      suffixes.map((suffix) => inOrder(graph, required(layer, `${name}${suffix}`), order, hidden)),
      0,
    );
  const hasBias = layer.weight(`bias_ih${suffixes[0]}`) !== undefined;
  const bias = hasBias ? graph.concatenate([all('bias_ih'), all('bias_hh')], 1) : '';
  const [made, state] = graph.severalOf(resolved.layer, [steps, all('weight_ih'), all('weight_hh'), bias], 2, {
    hidden_size: int(hidden),
    direction: text(suffixes.length === 2 ? 'bidirectional' : 'forward'),
    ...operatorAttributes(layer, suffixes.length),
  });
  // [length, directions, batch, features]
  const side = graph.transpose(made!, [0, 2, 1, 3]);
  return { sequence: graph.node('Reshape', [side, graph.ints([0, 0, -1])]), states: [state!] };
}

function operatorAttributes({ resolved, options }: LayerToWrite, directions: number) {
  if (resolved.layer === 'GRU') return { linear_before_reset: int(1) };
  if (resolved.layer === 'LSTM') return {};
  const word = options['nonlinearity'] === 'relu' ? 'Relu' : 'Tanh';
  return { activations: texts(new Array<string>(directions).fill(word)) };
}

/** Weights [gates · hidden, …] as ONNX wants them, with one direction: [1, gates · hidden, …]. */
export function inOrder(graph: GraphBuilder, weight: string, order: readonly number[], hidden: number): string {
  if (order.length === 1) return graph.node('Unsqueeze', [weight, graph.ints([0])]);
  const blocks = order.map((gate) => graph.slice(weight, 0, gate * hidden, (gate + 1) * hidden));
  return graph.node('Unsqueeze', [graph.concatenate(blocks, 0), graph.ints([0])]);
}
