import { float } from '../layer-script.ts';
import type { WriteLayer } from '../layer-script.ts';

export const activationScripts: Readonly<Record<string, WriteLayer>> = {
  ReLU: plain('relu'),
  ReLU6: plain('relu6'),
  SELU: plain('selu'),
  SiLU: plain('silu'),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Mish: plain('mish'),
  Hardswish: plain('hardswish'),
  LogSigmoid: plain('log_sigmoid'),
  LeakyReLU: plain('leaky_relu', 'negative_slope'),
  ELU: plain('elu', 'alpha'),
  CELU: plain('celu', 'alpha'),
  Softplus: plain('softplus', 'beta', 'threshold'),
  Hardshrink: plain('hardshrink', 'lambd'),
  Softshrink: plain('softshrink', 'lambd'),
  Hardtanh: plain('hardtanh', 'min_val', 'max_val'),
  Threshold: plain('threshold', 'threshold', 'value'),
  GELU: (script) => `torch.gelu(${script.x}, approximate=${script.number('approximate')})`,
  PReLU: (script) => `torch.prelu(${script.x}, ${script.tensor('weight')})`,
  // In evaluation the slope is the middle.
  RReLU: (script) => {
    const middle = ((script.options['lower'] as number) + (script.options['upper'] as number)) / 2;
    return `torch.leaky_relu(${script.x}, ${float(middle)})`;
  },
  Softsign: ({ x }) => `${x} / (torch.abs(${x}) + 1.0)`,
  Tanhshrink: ({ x }) => `${x} - torch.tanh(${x})`,
  GLU: (script) => `torch.glu(${script.x}, ${script.number('dim')})`,
  Softmax: (script) => `torch.softmax(${script.x}, ${script.number('dim')})`,
  LogSoftmax: (script) => `torch.log_softmax(${script.x}, ${script.number('dim')})`,
  Softmin: (script) => `torch.softmax(-${script.x}, ${script.number('dim')})`,
  Softmax2d: ({ x }) => `torch.softmax(${x}, -3)`,
};

function plain(name: string, ...options: readonly string[]): WriteLayer {
  return (script) => `torch.${name}(${[script.x, ...options.map((option) => script.float(option))].join(', ')})`;
}
