import { expect, test } from 'vitest';
import { initialiseText } from '../../../../core/code/python-initialise.ts';
import { resolveNetwork } from '../../../../core/network/resolve.ts';
import type { Initialiser } from '../../../../core/network/tree.ts';

/** What the rule becomes for a convolution of 4 channels and 8 outputs. */
function written(rule: Omit<Initialiser, 'parameters'>): string {
  const initialise = [{ parameters: 'weight', ...rule }] as const;
  const main = { type: 'Conv2d', initialise, options: { out_channels: 8, kernel_size: 3 } };
  const resolution = resolveNetwork(main, {}, [[4, 5, 5]]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  return initialiseText(resolution.network);
}

test.each([
  [{ method: 'orthogonal' }, 'orthogonal_(module.weight)'],
  [{ method: 'orthogonal', gain: 2 }, 'orthogonal_(module.weight, gain=2.0)'],
  [{ method: 'dirac', groups: 2 }, 'dirac_(module.weight, groups=2)'],
  [{ method: 'dirac', rest: 'default' }, 'dirac_(module.weight[: module.weight.size(1)])'],
  [{ method: 'eye' }, 'eye_(module.weight)'],
  [{ method: 'uniform', a: -1, b: 0.5 }, 'uniform_(module.weight, a=-1.0, b=0.5)'],
  [
    { method: 'trunc_normal', mean: 0, std: 0.02, a: -0.04, b: 0.04 },
    'trunc_normal_(module.weight, mean=0.0, std=0.02, a=-0.04, b=0.04)',
  ],
  [{ method: 'sparse', sparsity: 0.9, std: 0.01 }, 'sparse_(module.weight, sparsity=0.9, std=0.01)'],
] as const)('%j is the call of torch.nn.init', (rule, call) => {
  expect(written(rule)).toContain(`            nn.init.${call}\n`);
});

test('what is filled from training images is a comment: Python source has none', () => {
  const text = written({ method: 'whiten' });
  expect(text.split('\n').every((line) => line === '' || line.startsWith('        # weight:'))).toBe(true);
  expect(text).not.toBe('');
});
