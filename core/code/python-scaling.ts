import type { TargetMapping } from '../training/plan-targets.ts';
import { laidOut } from './python-layout.ts';
import { pythonFloat } from './python-words.ts';

/**
 * The end of the network's __init__ and a forward that gives what it predicts in units of the targets. The buffers are
 * no part of the state dict, whose names are those of the weights alone.
 */
export function scalingText(mapping: TargetMapping): string {
  if (mapping === 'exponential') {
    return (
      '\n    def forward(self, x):\n' +
      '        # The network learnt the logarithms of the targets.\n' +
      '        return super().forward(x).exp()\n'
    );
  }
  const { scale, offset } = mapping;
  return (
    '        # The network learnt (target - offset) / scale.\n' +
    `${bufferText('target_scale', scale)}${bufferText('target_offset', offset)}\n` +
    '    def forward(self, x):\n' +
    '        return super().forward(x) * self.target_scale + self.target_offset\n'
  );
}

function bufferText(name: string, values: readonly number[]): string {
  const tensor = laidOut(
    { open: 'torch.tensor([', items: values.map(pythonFloat), separator: ',', close: '])' },
    8,
    ',',
  );
  return `        self.register_buffer("${name}", ${tensor} persistent=False)\n`;
}
