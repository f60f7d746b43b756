import { call } from './python-layout.ts';
import type { Code, Construction } from './python-layout.ts';

/** An option that PyTorch must be told, as Python text. */
export interface GivenOption {
  readonly option: string;
  readonly text: string;
  /** Whether Python wants its name beside it. */
  readonly isNamed: boolean;
}

/** Attention and transformers: their batch comes first, stacks are made of a layer. Undefined for any other layer. */
export function attentionConstruction(type: string, given: readonly GivenOption[]): Construction | undefined {
  const textOf = (name: string) => given.find(({ option }) => option === name)?.text;
  const isCausal = textOf('is_causal') !== undefined;
  const without = (...left: readonly string[]) => given.filter(({ option }) => !left.includes(option)).map(argument);
  switch (type) {
    case 'MultiheadAttention': {
      const asQueries = ['kdim', 'vdim'].filter((name) => textOf(name) === textOf('embed_dim'));
      return { type, items: without('inputs', ...asQueries) };
    }
    case 'TransformerEncoderLayer':
    case 'TransformerDecoderLayer':
    case 'Transformer':
      return { type: isCausal ? type : `nn.${type}`, items: [...without('is_causal'), 'batch_first=True'] };
    case 'TransformerEncoder':
    case 'TransformerDecoder': {
      const items = [...without('num_layers', 'norm', 'is_causal'), 'batch_first=True'];
      const layers: Code[] = [call({ type: `nn.${type}Layer`, items }), `num_layers=${textOf('num_layers')}`];
      if (textOf('norm') !== undefined) {
        const settings = [
          ['eps', textOf('layer_norm_eps')],
          ['bias', textOf('bias')],
        ].flatMap(([name, text]) => (text === undefined ? [] : [`${name}=${text}`]));
        layers.push(call({ type: 'nn.LayerNorm', items: [textOf('d_model')!, ...settings] }, 'norm='));
      }
      return { type: isCausal ? type : `nn.${type}`, items: layers };
    }
    default:
      return undefined;
  }
}

export function argument({ option, text, isNamed }: GivenOption): string {
  return isNamed ? `${option}=${text}` : text;
}

/** The classes that PyTorch does not have, or not for one tensor after another; see `layerHelpers`. */
export const attentionHelpers: Readonly<Record<string, string>> = {
  MultiheadAttention: `class MultiheadAttention(nn.MultiheadAttention):
    """nn.MultiheadAttention on [batch, length, features] that gives its output alone; of one input, within itself."""

    def __init__(self, embed_dim, num_heads, is_causal=False, **options):
        super().__init__(embed_dim, num_heads, batch_first=True, **options)
        self.is_causal = is_causal

    def forward(self, query, key=None, value=None):
        key = query if key is None else key
        value = key if value is None else value
        hidden = torch.ones(query.shape[1], key.shape[1], dtype=torch.bool, device=query.device).triu(1)
        mask = hidden if self.is_causal else None
        return super().forward(query, key, value, attn_mask=mask, need_weights=False)[0]
`,
  SelfAttention: `class SelfAttention(nn.Module):
    """Attention of a sequence, [batch, length, features], within itself."""

    def __init__(self, dim, heads, dropout=0.0, norm=False, is_causal=False):
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.is_causal = is_causal
        self.norm = nn.LayerNorm(dim) if norm else None
        self.in_proj = nn.Linear(dim, 3 * dim, bias=not norm)
        self.out_proj = nn.Linear(dim, dim)

    def forward(self, x):
        y = self.in_proj(x if self.norm is None else self.norm(x))
        q, k, v = y.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        dropout = self.dropout if self.training else 0.0
        y = nn.functional.scaled_dot_product_attention(q, k, v, None, dropout, self.is_causal)
        return self.out_proj(y.transpose(1, 2).flatten(2))

    def extra_repr(self):
        return f"heads={self.heads}, dropout={self.dropout}, is_causal={self.is_causal}"
`,
  TransformerEncoderLayer: encoderClass('TransformerEncoderLayer'),
  TransformerEncoder: encoderClass('TransformerEncoder'),
  TransformerDecoderLayer: decoderClass('TransformerDecoderLayer'),
  TransformerDecoder: decoderClass('TransformerDecoder'),
  Transformer: `class Transformer(nn.Transformer):
    """nn.Transformer where each place of the target sees only itself and those before."""

    def forward(self, source, target):
        mask = self.generate_square_subsequent_mask(target.shape[1], target.device, target.dtype)
        return super().forward(source, target, tgt_mask=mask, tgt_is_causal=True)
`,
};

function encoderClass(name: string): string {
  return `class ${name}(nn.${name}):
    """nn.${name} where each place sees only itself and those before."""

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], x.device, x.dtype)
        return super().forward(x, mask, is_causal=True)
`;
}

function decoderClass(name: string): string {
  return `class ${name}(nn.${name}):
    """nn.${name} where each place sees only itself and those before, and all of the memory."""

    def forward(self, x, memory):
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], x.device, x.dtype)
        return super().forward(x, memory, tgt_mask=mask, tgt_is_causal=True)
`;
}
