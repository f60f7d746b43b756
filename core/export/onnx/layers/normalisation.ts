import { elementCount } from '../../../catalogue/shape.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { float, int } from '../model.ts';
import { axisOf, isSet, listOf, numberOf, required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { normAlong } from './norm.ts';

export const normalisation: Readonly<Record<string, LayerWriter>> = {
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  InstanceNorm1d: instanceNorm,
  InstanceNorm2d: instanceNorm,
  InstanceNorm3d: instanceNorm,
  GroupNorm: groupNorm,
  GRN: globalResponseNorm,
  LayerNorm: layerNorm,
  RMSNorm: rootMeanSquareNorm,
  Normalize(layer, x) {
    const { graph, resolved } = layer;
    const axis = axisOf(numberOf(layer, 'dim'), resolved.input.length);
    const norm = normAlong(graph, x, numberOf(layer, 'p'), axis, true);
    return graph.node('Div', [x, graph.node('Max', [norm, graph.number(numberOf(layer, 'eps'))])]);
  },
};

/** Without running statistics those of the batch, in evaluation too: samples then depend on one another. */
function batchNorm(layer: LayerToWrite, x: string): string {
  const { graph, resolved } = layer;
  if (isSet(layer, 'track_running_stats')) return byRunningStatistics(layer, x);
  const behind = resolved.input.slice(1).map((_, index) => index + 2);
  const normalised = standardised(graph, x, [0, ...behind], numberOf(layer, 'eps'));
  return scaledAndShifted(layer, normalised);
}

function byRunningStatistics(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const { scale, shift } = scaleAndShift(layer, numberOf(layer, 'num_features'));
  const statistics = [required(layer, 'running_mean'), required(layer, 'running_var')];
  return graph.node('BatchNormalization', [x, scale, shift, ...statistics], {
    epsilon: float(numberOf(layer, 'eps')),
  });
}

function instanceNorm(layer: LayerToWrite, x: string): string {
  if (isSet(layer, 'track_running_stats')) return byRunningStatistics(layer, x);
  const { scale, shift } = scaleAndShift(layer, numberOf(layer, 'num_features'));
  return layer.graph.node('InstanceNormalization', [x, scale, shift], { epsilon: float(numberOf(layer, 'eps')) });
}

/** Groups as channels of one row. */
function groupNorm(layer: LayerToWrite, x: string): string {
  const { graph, resolved } = layer;
  const groups = numberOf(layer, 'num_groups');
  const rows = graph.reshape(x, [groups, -1]);
  const ones = graph.floats([groups], new Array<number>(groups).fill(1));
  const zeros = graph.floats([groups], new Array<number>(groups).fill(0));
  const normalised = graph.node('InstanceNormalization', [rows, ones, zeros], {
    epsilon: float(numberOf(layer, 'eps')),
  });
  return scaledAndShifted(layer, graph.reshape(normalised, resolved.input));
}

/** gamma * x * n + beta + x, where n is the norm of a channel over the mean norm of all. */
function globalResponseNorm(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const norms = graph.reduce('ReduceL2', x, [2, 3]);
  const mean = graph.node('Add', [graph.reduce('ReduceMean', norms, [1]), graph.number(numberOf(layer, 'eps'))]);
  const relative = graph.node('Mul', [besideChannels(layer, 'gamma')!, graph.node('Div', [norms, mean])]);
  const scaled = graph.node('Mul', [x, graph.node('Add', [relative, graph.number(1)])]);
  return graph.node('Add', [scaled, besideChannels(layer, 'beta')!]);
}

function layerNorm(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const shape = listOf(layer, 'normalized_shape');
  const count = elementCount(shape);
  const scale = layer.weight('weight') ?? graph.floats(shape, new Array<number>(count).fill(1));
  const bias = layer.weight('bias');
  return graph.node('LayerNormalization', bias === undefined ? [x, scale] : [x, scale, bias], {
    axis: int(-shape.length),
    epsilon: float(numberOf(layer, 'eps')),
  });
}

function rootMeanSquareNorm(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const axes = listOf(layer, 'normalized_shape').map((_, index) => -1 - index);
  const mean = graph.reduce('ReduceMean', graph.node('Mul', [x, x]), axes);
  const root = graph.node('Sqrt', [graph.node('Add', [mean, graph.number(numberOf(layer, 'eps'))])]);
  const made = graph.node('Div', [x, root]);
  const weight = layer.weight('weight');
  return weight === undefined ? made : graph.node('Mul', [made, weight]);
}

/** (x - mean) / sqrt(variance + eps) over the axes. */
function standardised(graph: GraphBuilder, x: string, axes: readonly number[], eps: number): string {
  const centred = graph.node('Sub', [x, graph.reduce('ReduceMean', x, axes)]);
  const variance = graph.reduce('ReduceMean', graph.node('Mul', [centred, centred]), axes);
  return graph.node('Div', [centred, graph.node('Sqrt', [graph.node('Add', [variance, graph.number(eps)])])]);
}

/** Where nothing is learned: ones and zeros, which the operators want told. */
function scaleAndShift(layer: LayerToWrite, channels: number): { readonly scale: string; readonly shift: string } {
  const constant = (value: number) => layer.graph.floats([channels], new Array<number>(channels).fill(value));
  return { scale: layer.weight('weight') ?? constant(1), shift: layer.weight('bias') ?? constant(0) };
}

/** By what is learned for each channel. */
function scaledAndShifted(layer: LayerToWrite, x: string): string {
  const { graph } = layer;
  const [weight, bias] = [besideChannels(layer, 'weight'), besideChannels(layer, 'bias')];
  const scaled = weight === undefined ? x : graph.node('Mul', [x, weight]);
  return bias === undefined ? scaled : graph.node('Add', [scaled, bias]);
}

/** A weight with a number for each channel, in a shape that fits the input. */
function besideChannels({ graph, resolved, weight }: LayerToWrite, name: string): string | undefined {
  const found = weight(name);
  const [channels, ...behind] = resolved.input;
  const shape = [channels!, ...behind.map(() => 1)];
  return found === undefined ? undefined : graph.node('Reshape', [found, graph.ints(shape)]);
}
