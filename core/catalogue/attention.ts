import { layer, layerOfSeveral } from './layer-type.ts';
import type { ParameterDeclaration } from './layer-type.ts';
import { boolean, integer, number } from './option.ts';
import { layerNormPart, linearPart } from './parts.ts';
import { refuse } from './refusal.ts';
import { lastSize, sequenceOf } from './sequence.ts';
import type { Sequence } from './sequence.ts';
import type { Flow, Shape } from './shape.ts';

export const causal = boolean('Causal mask: each position attends only to itself and earlier positions.', false);

const dropout = number('Dropout probability of the attention weights in training.', {
  minimum: 0,
  maximum: 1,
  default: 0,
});

export const attention = [
  layerOfSeveral({
    name: 'MultiheadAttention',
    family: 'attention',
    help: 'Multi-head attention within a sequence or to another sequence: softmax(Q·Kᵀ / √d)·V. The batch comes first.',
    begin: { num_heads: 4 },
    options: {
      embed_dim: integer('Features of the queries and of the output.', { minimum: 1, infer: lastSize }),
      num_heads: integer('Number of heads; the features are divided among them.', { minimum: 1 }),
      dropout,
      bias: boolean('Adds learned constants to queries, keys, values and output.', true),
      add_bias_kv: boolean('Adds a learned key and value to the sequence.', false),
      add_zero_attn: boolean('Adds a key and value of zeros to the sequence.', false),
      inputs: integer(
        'Number of inputs. 1: self-attention; 2: queries, and keys that are also the values; 3: queries, keys and values.',
        {
          minimum: 1,
          maximum: 3,
          default: 1,
        },
      ),
      kdim: integer('Features of the keys.', {
        minimum: 1,
        infer: (_input, inputs, { inputs: count }) => lastSize(inputs[Math.min(Number(count), 2) - 1] ?? inputs[0]),
      }),
      vdim: integer('Features of the values.', {
        minimum: 1,
        infer: (_input, inputs, { inputs: count }) => lastSize(inputs[Number(count) - 1] ?? inputs[0]),
      }),
      is_causal: causal,
    },
    inputs: ({ inputs }) => inputs,
    outputs(options, inputs) {
      const { query, keys, values } = sequencesOf(inputs);
      refuseHeads('embed_dim', options.embed_dim, 'num_heads', options.num_heads, query);
      if (keys.features !== options.kdim) {
        refuse(`expects keys of ${options.kdim} features but receives ${keys.features}`, 'kdim');
      }
      if (values.features !== options.vdim) {
        refuse(`expects values of ${options.vdim} features but receives ${values.features}`, 'vdim');
      }
      if (keys.length !== values.length) {
        refuse(`needs as many values as keys but receives ${keys.length} keys and ${values.length} values`);
      }
      return [[query.length, options.embed_dim]];
    },
    parameters: (options) => attentionPart('', options.embed_dim, options),
    multiplyAdds({ embed_dim, add_bias_kv, add_zero_attn, kdim, vdim }, inputs) {
      const { query, keys } = sequencesOf(inputs);
      const added = Number(add_bias_kv) + Number(add_zero_attn);
      return attentionCost(embed_dim, query.length, keys.length, added, kdim, vdim);
    },
  }),
  layer({
    name: 'SelfAttention',
    family: 'attention',
    help: 'Self-attention with one projection for queries, keys and values, optionally of the normalised input. The batch comes first.',
    begin: { heads: 4 },
    options: {
      dim: integer('Features of the sequence, in and out.', { minimum: 1, infer: lastSize }),
      heads: integer('Number of heads; the features are divided among them.', { minimum: 1 }),
      dropout,
      norm: boolean('Normalises the input first (LayerNorm); the projection then has no bias.', false),
      is_causal: causal,
    },
    output: ({ dim, heads }, input) => attended('dim', dim, 'heads', heads, input),
    parameters: ({ dim, norm }) => [
      ...(norm ? layerNormPart('norm', dim, true) : []),
      ...linearPart('in_proj', dim, 3 * dim, !norm),
      ...linearPart('out_proj', dim, dim, true),
    ],
    multiplyAdds({ dim }, input) {
      const { length } = sequenceOf(input);
      return attentionCost(dim, length, length);
    },
  }),
];

/** Attention within a sequence: its shape stays. */
export function attended(
  featuresOption: string,
  features: number,
  headsOption: string,
  heads: number,
  input: Shape,
): Shape {
  refuseHeads(featuresOption, features, headsOption, heads, sequenceOf(input));
  return input;
}

function refuseHeads(
  featuresOption: string,
  features: number,
  headsOption: string,
  heads: number,
  given: Sequence,
): void {
  if (given.features !== features)
    refuse(`expects ${features} features but receives ${given.features}`, featuresOption);
  if (features % heads !== 0) refuse(`cannot divide ${features} features among ${heads} heads`, headsOption);
}

/** Keys are values too, or all three are one, as far as there are fewer inputs. */
function sequencesOf([query, keys = query, values = keys]: Flow) {
  return {
    query: sequenceOf(query),
    keys: sequenceOf(keys, 'expects keys of'),
    values: sequenceOf(values, 'expects values of'),
  };
}

interface AttentionTensors {
  readonly bias: boolean;
  readonly add_bias_kv?: boolean;
  /** Features of keys and values, where they differ from those of the queries. */
  readonly kdim?: number;
  readonly vdim?: number;
}

/** Of torch.nn.MultiheadAttention, in its order; `prefix` ends in a dot. */
export function attentionPart(
  prefix: string,
  features: number,
  { bias, add_bias_kv = false, kdim = features, vdim = features }: AttentionTensors,
): readonly ParameterDeclaration[] {
  const own: ParameterDeclaration[] =
    kdim === features && vdim === features
      ? [{ name: 'in_proj_weight', shape: [3 * features, features], kind: 'weight' }]
      : [
          { name: 'q_proj_weight', shape: [features, features], kind: 'weight' },
          { name: 'k_proj_weight', shape: [features, kdim], kind: 'weight' },
          { name: 'v_proj_weight', shape: [features, vdim], kind: 'weight' },
        ];
  if (bias) own.push({ name: 'in_proj_bias', shape: [3 * features], kind: 'bias' });
  if (add_bias_kv) {
    own.push({ name: 'bias_k', shape: [1, 1, features], kind: 'bias' });
    own.push({ name: 'bias_v', shape: [1, 1, features], kind: 'bias' });
  }
  const all = [...own, ...linearPart('out_proj', features, features, bias)];
  return all.map((parameter) => ({ ...parameter, name: `${prefix}${parameter.name}` }));
}

/**
 * The four projections, the products of queries and keys and those of weights and values; masked places are counted,
 * softmax is not. `added`: keys that are not of the sequence.
 */
export function attentionCost(
  features: number,
  length: number,
  source: number,
  added = 0,
  kdim = features,
  vdim = features,
): number {
  const projections = length * features * 2 + source * (kdim + vdim);
  return features * (projections + 2 * length * (source + added));
}
