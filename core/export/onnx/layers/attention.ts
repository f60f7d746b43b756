import type { GraphBuilder } from '../graph-builder.ts';
import { float, int } from '../model.ts';
import { isSet, numberOf, required } from '../layer-writer.ts';
import type { LayerToWrite, LayerWriter } from '../layer-writer.ts';
import { product } from './linear.ts';

export const attention: Readonly<Record<string, LayerWriter>> = {
  MultiheadAttention(layer, x, ...more) {
    const count = numberOf(layer, 'inputs');
    const given = [x, ...more];
    const sequences = {
      query: sequence(layer, x, 0),
      key: sequence(layer, given[Math.min(count, 2) - 1]!, Math.min(count, 2) - 1),
      value: sequence(layer, given[count - 1]!, count - 1),
    };
    return multiheadAttention(layer, '', sequences, {
      features: numberOf(layer, 'embed_dim'),
      heads: numberOf(layer, 'num_heads'),
      isCausal: isSet(layer, 'is_causal'),
      hasZeroKey: isSet(layer, 'add_zero_attn'),
    });
  },
  SelfAttention(layer, x) {
    const { graph, resolved } = layer;
    const [length, features] = resolved.input;
    const heads = numberOf(layer, 'heads');
    const normalised = isSet(layer, 'norm') ? layerNormPart(layer, 'norm', x, 1e-5) : x;
    const all = linearPart(layer, 'in_proj', normalised);
    const [q, k, v] = graph.severalOf('Split', [all], 3, { axis: int(2), num_outputs: int(3) });
    const shape = { heads, features: features!, length: length! };
    const mask = isSet(layer, 'is_causal') ? causalMask(graph, length!, length!, 0) : null;
    return linearPart(layer, 'out_proj', attend(graph, [q!, k!, v!], shape, length!, mask));
  },
};

/** [batch, length, features] */
export interface SequenceTensor {
  readonly name: string;
  readonly length: number;
}

function sequence({ resolved }: LayerToWrite, name: string, input: number): SequenceTensor {
  return { name, length: resolved.inputs[input]![0]! };
}

export interface Heads {
  readonly features: number;
  readonly heads: number;
  readonly isCausal: boolean;
  readonly hasZeroKey: boolean;
}

/** torch.nn.MultiheadAttention with the batch first; `prefix` of its weights' names ends in a dot. */
export function multiheadAttention(
  layer: LayerToWrite,
  prefix: string,
  { query, key, value }: Readonly<Record<'query' | 'key' | 'value', SequenceTensor>>,
  { features, heads, isCausal, hasZeroKey }: Heads,
): string {
  const { graph } = layer;
  const [q, k, v] = projected(layer, prefix, [query.name, key.name, value.name], features);
  let [keys, values] = [k, v];
  let added = 0;
  if (layer.weight(`${prefix}bias_k`) !== undefined) {
    const rows = graph.batchOf(keys, [], [1, 1]);
    const behind = (part: string, name: string) =>
      graph.concatenate([part, graph.node('Expand', [required(layer, `${prefix}${name}`), rows])], 1);
    [keys, values] = [behind(keys, 'bias_k'), behind(values, 'bias_v')];
    added += 1;
  }
  if (hasZeroKey) {
    const ends = graph.ints([0, 0, 0, 0, 1, 0]);
    [keys, values] = [graph.node('Pad', [keys, ends]), graph.node('Pad', [values, ends])];
    added += 1;
  }
  const mask = isCausal ? causalMask(graph, query.length, key.length, added) : null;
  const shape = { heads, features, length: query.length };
  return linearPart(layer, `${prefix}out_proj`, attend(graph, [q, keys, values], shape, key.length + added, mask));
}

type Three = readonly [string, string, string];

/** Queries, keys and values; one product where all three are of one sequence. */
function projected(layer: LayerToWrite, prefix: string, given: Three, features: number): Three {
  const { graph } = layer;
  const weight = layer.weight(`${prefix}in_proj_weight`);
  const bias = layer.weight(`${prefix}in_proj_bias`);
  if (weight !== undefined && given.every((name) => name === given[0])) {
    const all = product(graph, given[0], weight, bias);
    const [q, k, v] = graph.severalOf('Split', [all], 3, { axis: int(2), num_outputs: int(3) });
    return [q!, k!, v!];
  }
  const one = (part: number, name: string) => {
    const rows = (all: string) => graph.slice(all, 0, part * features, (part + 1) * features);
    const own = weight === undefined ? required(layer, `${prefix}${name}`) : rows(weight);
    return product(graph, given[part]!, own, bias === undefined ? undefined : rows(bias));
  };
  return [one(0, 'q_proj_weight'), one(1, 'k_proj_weight'), one(2, 'v_proj_weight')];
}

interface AttentionShape {
  readonly heads: number;
  readonly features: number;
  readonly length: number;
}

/** softmax(Q·Kᵀ / √d + mask)·V by heads, and these side by side again: [batch, length, features]. */
function attend(
  graph: GraphBuilder,
  [q, k, v]: Three,
  { heads, features, length }: AttentionShape,
  source: number,
  mask: string | null,
): string {
  const depth = features / heads;
  const byHeads = (x: string, count: number, order: readonly number[]) =>
    graph.transpose(graph.reshape(x, [count, heads, depth]), order);
  const products = graph.node('MatMul', [
    graph.node('Mul', [byHeads(q, length, [0, 2, 1, 3]), graph.number(1 / Math.sqrt(depth))]),
    byHeads(k, source, [0, 2, 3, 1]),
  ]);
  const seen = mask === null ? products : graph.node('Add', [products, mask]);
  const weights = graph.node('Softmax', [seen], { axis: int(-1) });
  const mixed = graph.node('MatMul', [weights, byHeads(v, source, [0, 2, 1, 3])]);
  return graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [length, features]);
}

/** What is added to the products: each place sees itself and those before, and all of the `added` keys behind. */
function causalMask(graph: GraphBuilder, length: number, source: number, added: number): string {
  const columns = source + added;
  const values = Array.from({ length: length * columns }, (_, index) => {
    const column = index % columns;
    return column < source && column > Math.floor(index / columns) ? -Infinity : 0;
  });
  return graph.floats([length, columns], values);
}

export function linearPart(layer: LayerToWrite, name: string, x: string): string {
  return product(layer.graph, x, required(layer, `${name}.weight`), layer.weight(`${name}.bias`));
}

export function layerNormPart(layer: LayerToWrite, name: string, x: string, eps: number): string {
  const bias = layer.weight(`${name}.bias`);
  const inputs = [x, required(layer, `${name}.weight`), ...(bias === undefined ? [] : [bias])];
  return layer.graph.node('LayerNormalization', inputs, { axis: int(-1), epsilon: float(eps) });
}
