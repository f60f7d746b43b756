import { attentionHelpers } from './python-attention.ts';
import { combineHelpers } from './python-combine.ts';
import { embeddingHelpers } from './python-embedding-helpers.ts';
import { functionClass } from './python-function-class.ts';
import { imageHelpers } from './python-image-helpers.ts';

const recurrentOfOne = [
  'sequence, hidden = super().forward(x, None if state is None else state[0])',
  'return sequence, (hidden,)',
];

/** The layers that PyTorch has no class for, as classes. */
export const layerHelpers: Readonly<Record<string, string>> = {
  Reshape: functionClass(
    'Reshape',
    'Lays the elements of each sample out anew.',
    ['shape'],
    ['return x.reshape(x.shape[0], *self.shape)'],
  ),
  Permute: functionClass(
    'Permute',
    'Puts the dimensions into another order.',
    ['dims'],
    ['return x.permute(self.dims)'],
  ),
  Transpose: functionClass(
    'Transpose',
    'Swaps two dimensions.',
    ['dim0', 'dim1'],
    ['return x.transpose(self.dim0, self.dim1)'],
  ),
  Squeeze: functionClass('Squeeze', 'Takes a dimension of size 1 out.', ['dim'], ['return x.squeeze(self.dim)']),
  Unsqueeze: functionClass('Unsqueeze', 'Puts a dimension of size 1 in.', ['dim'], ['return x.unsqueeze(self.dim)']),
  Select: functionClass(
    'Select',
    'Takes one place along a dimension.',
    ['dim', 'index'],
    ['return x.select(self.dim, self.index)'],
  ),
  Normalize: functionClass(
    'Normalize',
    'Divides by the norm along a dimension.',
    ['p=2.0', 'dim=1', 'eps=1e-12'],
    ['return nn.functional.normalize(x, self.p, self.dim, self.eps)'],
  ),
  GRN: functionClass(
    'GRN',
    'Global response normalisation: strengthens channels whose norm is above the mean norm, and adds the input.',
    ['num_channels', 'eps=1e-6'],
    [
      'norms = torch.linalg.vector_norm(x, dim=(2, 3), keepdim=True)',
      'n = norms / (norms.mean(1, keepdim=True) + self.eps)',
      'return self.gamma.view(-1, 1, 1) * (x * n) + self.beta.view(-1, 1, 1) + x',
    ],
    ['self.gamma = nn.Parameter(torch.zeros(num_channels))', 'self.beta = nn.Parameter(torch.zeros(num_channels))'],
  ),
  Scale: functionClass('Scale', 'Multiplies by a constant.', ['factor'], ['return x * self.factor']),
  DropPath: functionClass(
    'DropPath',
    'While training sets whole random samples to zero.',
    ['p=0.5'],
    [
      'kept = x.new_ones(x.shape[0], *[1] * (x.dim() - 1))',
      'return x * nn.functional.dropout(kept, self.p, self.training)',
    ],
  ),
  RNN: sequenceClass('RNN', recurrentOfOne),
  GRU: sequenceClass('GRU', recurrentOfOne),
  LSTM: sequenceClass('LSTM', ['return super().forward(x, state)']),
  ...attentionHelpers,
  ...combineHelpers,
  ...embeddingHelpers,
  ...imageHelpers,
};

/** PyTorch's own gives a tuple, which no nn.Sequential can hand on. `run` is for our Recurrent. */
function sequenceClass(name: string, run: readonly string[]): string {
  return `class ${name}(nn.${name}):
    """nn.${name} on [batch, length, features]; gives the outputs of all steps and nothing else."""

    def __init__(self, input_size, hidden_size, **options):
        super().__init__(input_size, hidden_size, batch_first=True, **options)

    def forward(self, x):
        return self.run(x)[0]

    def run(self, x, state=None):
        """The outputs of all steps, and a tuple with the state after the last; without a state, from zeros."""
${run.map((line) => `        ${line}\n`).join('')}`;
}
