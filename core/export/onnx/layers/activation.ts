import { float, int, text } from '../model.ts';
import { axisOf, numberOf, required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';

export const activation: Readonly<Record<string, LayerWriter>> = {
  ReLU: plain('Relu'),
  Sigmoid: plain('Sigmoid'),
  Tanh: plain('Tanh'),
  Mish: plain('Mish'),
  Hardswish: plain('HardSwish'),
  Softsign: plain('Softsign'),
  SELU: plain('Selu'),
  LeakyReLU: (layer, x) => layer.graph.node('LeakyRelu', [x], { alpha: float(numberOf(layer, 'negative_slope')) }),
  ELU: (layer, x) => layer.graph.node('Elu', [x], { alpha: float(numberOf(layer, 'alpha')) }),
  CELU: (layer, x) => layer.graph.node('Celu', [x], { alpha: float(numberOf(layer, 'alpha')) }),
  GELU: ({ graph, options }, x) => graph.node('Gelu', [x], { approximate: text(options['approximate'] as string) }),
  SiLU: ({ graph }, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  Softmax: (layer, x) => alongAxis(layer, 'Softmax', x),
  LogSoftmax: (layer, x) => alongAxis(layer, 'LogSoftmax', x),
  Softmin: (layer, x) => alongAxis(layer, 'Softmax', layer.graph.node('Neg', [x])),
  Softmax2d: ({ graph }, x) => graph.node('Softmax', [x], { axis: int(1) }),
  ReLU6: ({ graph }, x) => graph.node('Clip', [x, graph.number(0), graph.number(6)]),
  Hardtanh: (layer, x) => {
    const { graph } = layer;
    return graph.node('Clip', [x, graph.number(numberOf(layer, 'min_val')), graph.number(numberOf(layer, 'max_val'))]);
  },
  PReLU(layer, x) {
    const { graph, resolved } = layer;
    const weight = required(layer, 'weight');
    const multiples = numberOf(layer, 'num_parameters');
    const behind = resolved.input.slice(1).map(() => 1);
    // Of one channel each: beside the dimensions behind the channels.
    const slope = multiples === 1 ? weight : graph.node('Reshape', [weight, graph.ints([multiples, ...behind])]);
    return graph.node('PRelu', [x, slope]);
  },
  // In evaluation the mean of both limits.
  RReLU(layer, x) {
    const slope = (numberOf(layer, 'lower') + numberOf(layer, 'upper')) / 2;
    return layer.graph.node('LeakyRelu', [x], { alpha: float(slope) });
  },
  Softplus(layer, x) {
    const { graph } = layer;
    const beta = numberOf(layer, 'beta');
    const scaled = beta === 1 ? x : graph.node('Mul', [x, graph.number(beta)]);
    const curve = graph.node('Softplus', [scaled]);
    const made = beta === 1 ? curve : graph.node('Div', [curve, graph.number(beta)]);
    const threshold = numberOf(layer, 'threshold');
    // Beyond 20 the curve and the line are one in float32.
    if (threshold >= 20) return made;
    return graph.node('Where', [graph.node('Greater', [scaled, graph.number(threshold)]), x, made]);
  },
  Tanhshrink: ({ graph }, x) => graph.node('Sub', [x, graph.node('Tanh', [x])]),
  Hardshrink: (layer, x) => layer.graph.node('Shrink', [x], { lambd: float(numberOf(layer, 'lambd')), bias: float(0) }),
  Softshrink(layer, x) {
    const lambd = float(numberOf(layer, 'lambd'));
    return layer.graph.node('Shrink', [x], { lambd, bias: lambd });
  },
  Threshold(layer, x) {
    const { graph } = layer;
    const isAbove = graph.node('Greater', [x, graph.number(numberOf(layer, 'threshold'))]);
    return graph.node('Where', [isAbove, x, graph.number(numberOf(layer, 'value'))]);
  },
  LogSigmoid: ({ graph }, x) => graph.node('Neg', [graph.node('Softplus', [graph.node('Neg', [x])])]),
  GLU(layer, x) {
    const { graph, resolved } = layer;
    const axis = axisOf(numberOf(layer, 'dim'), resolved.input.length);
    const [kept, gate] = graph.severalOf('Split', [x], 2, { axis: int(axis), num_outputs: int(2) });
    return graph.node('Mul', [kept!, graph.node('Sigmoid', [gate!])]);
  },
};

function plain(operator: string): LayerWriter {
  return ({ graph }, x) => graph.node(operator, [x]);
}

function alongAxis(layer: LayerToWrite, operator: string, x: string): string {
  return layer.graph.node(operator, [x], { axis: int(axisOf(numberOf(layer, 'dim'), layer.resolved.input.length)) });
}
