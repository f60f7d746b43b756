import type { RecurrentOptions } from '../../../catalogue/recurrent.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { int, ints } from '../model.ts';
import { required } from '../layer-writer.ts';
import type { LayerToWrite } from '../layer-writer.ts';
import { product } from './linear.ts';

/**
 * One direction of an LSTM whose state is projected, which ONNX's LSTM cannot: a Scan over the steps.
 * Sak, Senior and Beaufays 2014, arXiv 1402.1128. Gives all steps [length, batch, projected] and the last state.
 */
export function projectedDirection(
  layer: LayerToWrite,
  steps: string,
  suffix: string,
): { readonly sequence: string; readonly state: string } {
  const { graph, resolved } = layer;
  const { hidden_size: hidden, proj_size: projected = 0 } = resolved.options as unknown as RecurrentOptions;
  const weights = {
    recurrent: required(layer, `weight_hh${suffix}`),
    recurrentBias: layer.weight(`bias_hh${suffix}`),
    projection: required(layer, `weight_hr${suffix}`),
  };
  // What comes of the input, for all steps at once.
  const given = product(graph, steps, required(layer, `weight_ih${suffix}`), layer.weight(`bias_ih${suffix}`));
  const batch = graph.node('Shape', [steps], { start: int(1), end: int(2) });
  const zeros = (size: number) =>
    graph.node('Expand', [graph.number(0), graph.concatenate([batch, graph.ints([size])], 0)]);
  const directions = ints([suffix.endsWith('_reverse') ? 1 : 0]);
  const body = stepBody(graph, weights, hidden, projected);
  const [state, , sequence] = graph.severalOf('Scan', [zeros(projected), zeros(hidden), given], 3, {
    body,
    num_scan_inputs: int(1),
    scan_input_directions: directions,
    scan_output_directions: directions,
  });
  return { sequence: sequence!, state: state! };
}

interface StepWeights {
  readonly recurrent: string;
  readonly recurrentBias: string | undefined;
  readonly projection: string;
}

function stepBody(graph: GraphBuilder, weights: StepWeights, hidden: number, projected: number) {
  const inputs = { state: projected, memory: hidden, given: 4 * hidden };
  return graph.body(inputs, ({ state, memory, given }) => {
    const sums = graph.node('Add', [given, product(graph, state, weights.recurrent, weights.recurrentBias)]);
    const [i, f, g, o] = graph.severalOf('Split', [sums], 4, { axis: int(1), num_outputs: int(4) });
    const gate = (x: string) => graph.node('Sigmoid', [x]);
    const kept = graph.node('Mul', [gate(f!), memory]);
    const stored = graph.node('Mul', [gate(i!), graph.node('Tanh', [g!])]);
    const remembered = graph.node('Add', [kept, stored]);
    const told = graph.node('Mul', [gate(o!), graph.node('Tanh', [remembered])]);
    const next = product(graph, told, weights.projection, undefined);
    return [
      { name: next, size: projected },
      { name: remembered, size: hidden },
      { name: graph.node('Identity', [next]), size: projected },
    ];
  });
}
