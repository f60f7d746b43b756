import { float } from '../layer-script.ts';
import type { WriteLayer } from '../layer-script.ts';

export const activationScripts: Readonly<Record<string, WriteLayer>> = {
  GELU: (script) => `torch.gelu(${script.x}, approximate=${script.number('approximate')})`,
  PReLU: (script) => `torch.prelu(${script.x}, ${script.tensor('weight')})`,
  // In evaluation the slope is the middle.
  RReLU: (script) => {
    const middle = ((script.options['lower'] as number) + (script.options['upper'] as number)) / 2;
    return `torch.leaky_relu(${script.x}, ${float(middle)})`;
  },
  Softsign: ({ x }) => `${x} / (torch.abs(${x}) + 1.0)`,
  Tanhshrink: ({ x }) => `${x} - torch.tanh(${x})`,
  Softmin: (script) => `torch.softmax(-${script.x}, ${script.number('dim')})`,
  Softmax2d: ({ x }) => `torch.softmax(${x}, -3)`,
};
