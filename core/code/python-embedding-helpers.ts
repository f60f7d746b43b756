import { functionClass } from './python-function-class.ts';

/** Embeddings that PyTorch has no class for. */
export const embeddingHelpers: Readonly<Record<string, string>> = {
  EmbedPosition: functionClass(
    'EmbedPosition',
    'A learned row for every place of a sequence, added to what stands there or alone.',
    ['rows', 'cols', 'added=True'],
    ['rows = self.pos[:, : x.shape[1]]', 'return x + rows if self.added else rows.expand(x.shape[0], -1, -1)'],
    ['self.pos = nn.Parameter(torch.zeros(1, rows, cols))'],
  ),
  EmbedSequence: `class EmbedSequence(nn.Module):
    """A learned row for every whole number of a sequence, and one for its place, added."""

    def __init__(self, rows, cols, length):
        super().__init__()
        self.tok = nn.Embedding(rows, cols)
        self.pos = EmbedPosition(length, cols, added=False)

    def forward(self, x):
        return self.tok(x) + self.pos(x)
`,
  OneHot: functionClass(
    'OneHot',
    'Every whole number becomes zeros with a one at its place.',
    ['num_classes'],
    ['return nn.functional.one_hot(x.long(), self.num_classes).float()'],
  ),
};
