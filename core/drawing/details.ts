import { findLayerType } from '../catalogue/catalogue.ts';
import type { OptionDeclaration } from '../catalogue/option.ts';
import { isContainer } from '../network/containers.ts';
import type { LayerNode, NetworkNode, OptionValue } from '../network/tree.ts';

/** Options that say by their value alone what they are; shown first, with their defaults. */
const plain = [
  'out_channels',
  'out_features',
  'hidden_size',
  'num_embeddings',
  'embedding_dim',
  'num_classes',
  'kernel_size',
  'output_size',
  'num_groups',
  'normalized_shape',
  'p',
];

/** Sizes that follow from the input, and what hardly ever matters in a picture. */
const hidden = [
  ...['in_channels', 'in_features', 'in1_features', 'in2_features', 'input_size', 'num_features', 'num_channels'],
  ...['embed_dim', 'd_model', 'bias', 'eps', 'layer_norm_eps', 'momentum'],
];

const shortNames: Readonly<Record<string, string>> = {
  padding: 'pad',
  padding_mode: 'edge',
  negative_slope: 'slope',
  start_dim: 'from',
  end_dim: 'to',
  ceil_mode: 'round up',
  num_layers: 'layers',
  num_encoder_layers: 'encoder layers',
  num_decoder_layers: 'decoder layers',
  dim_feedforward: 'feed-forward',
  is_causal: 'causal',
  proj_size: 'projected to',
};

/** Their number comes first: `8 heads`. */
const heads = ['num_heads', 'nhead', 'heads'];

/** What a Recurrent hands on. */
export const outputNames = { sequence: 'sequence', last: 'last step', hidden: 'hidden state' } as const;

/** A node never changes, and of an edited tree nearly all nodes are the old ones. */
const known = new WeakMap<NetworkNode, string>();

/** What of a module is written on its card: `64, 3×3, stride 2`. */
export function detailsOf(node: NetworkNode): string {
  const before = known.get(node);
  if (before !== undefined) return before;
  const details = makeDetails(node);
  known.set(node, details);
  return details;
}

function makeDetails(node: NetworkNode): string {
  if (!isContainer(node)) return layerDetails(node);
  switch (node.type) {
    case 'Repeat':
      return `× ${node.count}${node.shared === true ? ', shared weights' : ''}`;
    case 'Block':
      return Object.entries(node.arguments ?? {})
        .map(([name, value]) => namedText(name, value))
        .join(', ');
    case 'Fork':
    case 'Join':
      return node.join.kind;
    case 'Recurrent':
      return [
        ...(node.handsOn ?? ['sequence']).map((output) => outputNames[output]),
        ...(node.carry === true ? ['carried'] : []),
      ].join(', ');
    case 'Sequential':
    case 'Residual':
    case 'Transform':
    case 'NBeats':
      return '';
  }
}

function layerDetails({ type, options = {} }: LayerNode): string {
  const declared = findLayerType(type)?.options ?? {};
  const values = plain.flatMap((name) => {
    const value = options[name] ?? standard(declared[name]);
    return value === undefined ? [] : [valueText(value, isPair(declared[name]))];
  });
  const others = Object.entries(options).flatMap(([name, value]) => {
    if (plain.includes(name) || hidden.includes(name)) return [];
    if (heads.includes(name)) return value === 'heads' ? 'heads' : `${String(value)} heads`;
    return namedText(shortNames[name] ?? words(name), value);
  });
  return [...values, ...others].join(', ');
}

function standard(declaration: OptionDeclaration | undefined): OptionValue | undefined {
  return declaration !== undefined && 'default' in declaration ? (declaration.default ?? undefined) : undefined;
}

function isPair(declaration: OptionDeclaration | undefined): boolean {
  return declaration?.kind === 'pair';
}

function namedText(name: string, value: OptionValue): string {
  if (value === true || value === name) return name;
  return value === false ? `no ${name}` : `${name} ${valueText(value, false)}`;
}

/** One size of a window stands for both sides: 3 is `3×3`. An expression stays as it is written. */
function valueText(value: OptionValue, isSize: boolean): string {
  if (typeof value === 'object' && value !== null) {
    const [first, ...rest] = value;
    const isSquare = !isSize && rest.length === 1 && first === rest[0];
    return isSquare ? String(first) : value.join('×');
  }
  return isSize && /^\w+$/.test(String(value)) ? `${value}×${value}` : String(value);
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
