import { findLayerType, layerTypes } from '../catalogue/catalogue.ts';
import type { LayerType } from '../catalogue/layer-type.ts';
import { containerTypes } from '../network/containers.ts';
import type { BlockDefinition, Blocks, Options } from '../network/tree.ts';
import { shippedBlocks } from './shipped-blocks.ts';

/** What a word of a quick insert stands for. */
export type Meaning =
  | { readonly kind: 'layer'; readonly type: LayerType; readonly preset: Options }
  | { readonly kind: 'container'; readonly type: (typeof quickContainers)[number] }
  /** `block BasicBlock`: the name comes next. */
  | { readonly kind: 'blockWord' }
  | { readonly kind: 'block'; readonly name: string; readonly definition: BlockDefinition };

/** A Block is typed by its own name. */
const quickContainers = containerTypes.filter((type) => type !== 'Block');

/** Short forms that are not the beginning of a name, and options that go without saying. */
const shortForms: Readonly<Record<string, readonly [type: string, preset?: Options]>> = {
  conv: ['Conv2d'],
  deconv: ['ConvTranspose2d'],
  bn: ['BatchNorm2d'],
  batchnorm: ['BatchNorm2d'],
  gn: ['GroupNorm'],
  ln: ['LayerNorm'],
  in: ['InstanceNorm2d'],
  instancenorm: ['InstanceNorm2d'],
  rms: ['RMSNorm'],
  lrn: ['LocalResponseNorm'],
  fc: ['Linear'],
  dense: ['Linear'],
  pool: ['MaxPool2d'],
  maxpool: ['MaxPool2d'],
  avgpool: ['AvgPool2d'],
  meanpool: ['AvgPool2d'],
  lppool: ['LPPool2d'],
  pad: ['ZeroPad2d'],
  gap: ['AdaptiveAvgPool2d'],
  gmp: ['AdaptiveMaxPool2d'],
  drop: ['Dropout'],
  bilstm: ['LSTM', { bidirectional: true }],
  bigru: ['GRU', { bidirectional: true }],
  emb: ['Embedding'],
  embed: ['Embedding'],
  bag: ['EmbeddingBag'],
  pos: ['EmbedPosition'],
  positions: ['EmbedPosition'],
  onehot: ['OneHot'],
  resize: ['Interpolate'],
  fractional: ['FractionalMaxPool2d'],
  crop: ['RandomCrop'],
  flip: ['RandomFlip'],
  attention: ['MultiheadAttention'],
  mha: ['MultiheadAttention'],
  encoderlayer: ['TransformerEncoderLayer'],
  decoderlayer: ['TransformerDecoderLayer'],
  encoder: ['TransformerEncoder'],
  decoder: ['TransformerDecoder'],
  concatenate: ['Cat'],
  multiply: ['Mul'],
  cosine: ['CosineSimilarity'],
  distance: ['PairwiseDistance'],
  lrelu: ['LeakyReLU'],
  swish: ['SiLU'],
  shuffle: ['ChannelShuffle'],
  seq: ['Sequential'],
  res: ['Residual'],
  skip: ['Residual'],
  branch: ['Fork'],
  parallel: ['Fork'],
  'n-beats': ['NBeats'],
};

/** Short forms in small letters. */
export const shortNames: readonly string[] = Object.keys(shortForms);

export function allBlocks(blocks: Blocks): Blocks {
  return { ...shippedBlocks, ...blocks };
}

/** Everything a word may name, layers first. */
export function knownNames(blocks: Blocks): readonly string[] {
  const layers = layerTypes.map((type) => type.name);
  return [...layers, ...quickContainers, ...Object.keys(allBlocks(blocks)), ...shortNames, 'block'];
}

/** A Block's or PyTorch's name as it is written, or a name or a short form whatever the case. */
export function exactMeaning(word: string, blocks: Blocks): Meaning | undefined {
  if (Object.hasOwn(blocks, word)) return { kind: 'block', name: word, definition: blocks[word]! };
  const type = findLayerType(word);
  if (type !== undefined) return { kind: 'layer', type, preset: {} };
  const lower = word.toLowerCase();
  if (lower === 'block') return { kind: 'blockWord' };
  const shortForm = Object.hasOwn(shortForms, lower) ? shortForms[lower] : undefined;
  if (shortForm !== undefined) return named(...shortForm);
  const name = knownNames(blocks).find((known) => known.toLowerCase() === lower);
  return name === undefined ? undefined : (named(name) ?? blockNamed(name, blocks));
}

/** And the beginning of one, from two letters on. */
export function meaningOf(word: string, blocks: Blocks): Meaning | undefined {
  const exact = exactMeaning(word, blocks);
  if (exact !== undefined || word.length < 2) return exact;
  const lower = word.toLowerCase();
  const name = knownNames(blocks).find((known) => known.toLowerCase().startsWith(lower));
  return name === undefined ? undefined : exactMeaning(name, blocks);
}

/** By its name or the beginning of it. */
export function blockNamed(word: string, blocks: Blocks): Meaning | undefined {
  const all = allBlocks(blocks);
  const lower = word.toLowerCase();
  const names = Object.keys(all);
  const name =
    names.find((known) => known.toLowerCase() === lower) ??
    names.find((known) => known.toLowerCase().startsWith(lower));
  return name === undefined ? undefined : { kind: 'block', name, definition: all[name]! };
}

function named(name: string, preset: Options = {}): Meaning | undefined {
  const container = quickContainers.find((type) => type === name);
  if (container !== undefined) return { kind: 'container', type: container };
  const type = findLayerType(name);
  return type && { kind: 'layer', type, preset };
}
