import { findLayerType } from '../catalogue/catalogue.ts';
import type { LayerOptions } from '../catalogue/layer-type.ts';
import type { ResolvedLayer } from '../network/resolved.ts';
import { attentionText } from './pytorch-attention-text.ts';
import { pythonFloat, pythonTuple } from './python-words.ts';

/** As `extra_repr` of the layer's class in torch/nn/modules; options by their names where it has nothing of its own. */
export function layerText({ layer, options, parameters }: ResolvedLayer): string {
  const has = (parameter: string) =>
    parameters.some(({ name }) => name === parameter || name.endsWith(`.${parameter}`));
  const list = (...names: readonly string[]) => names.map((name) => `${name}=${valueText(layer, options, name)}`);
  const bare = (...names: readonly string[]) => names.map((name) => valueText(layer, options, name));
  const tuples = (...names: readonly string[]) => names.map((name) => `${name}=${tupleText(options, name)}`);
  const bias = `bias=${has('bias') ? 'True' : 'False'}`;
  const ofParts = attentionText(layer, options);
  if (ofParts !== undefined) return ofParts;
  // Layers there are for one, two and three dimensions.
  switch (layer.replace(/[123]d$/, '')) {
    case 'RNN':
    case 'GRU':
    case 'LSTM':
      return recurrentText(layer, options);
    case 'Linear':
      return [...list('in_features', 'out_features'), bias].join(', ');
    case 'Bilinear':
      return [...list('in1_features', 'in2_features', 'out_features'), bias].join(', ');
    case 'PairwiseDistance':
    case 'CosineSimilarity':
      return '';
    case 'Conv':
    case 'ConvTranspose':
      return convolutionText(options);
    case 'MaxPool':
      return list('kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode').join(', ');
    case 'AvgPool':
      return (layer === 'AvgPool1d' ? tuples : list)('kernel_size', 'stride', 'padding').join(', ');
    case 'LPPool':
      return [...list('norm_type', 'kernel_size'), `stride=${ownStride(layer, options)}`, ...list('ceil_mode')].join(
        ', ',
      );
    case 'BatchNorm':
    case 'InstanceNorm':
      return [...bare('num_features'), ...list('eps', 'momentum', 'affine'), bias, ...list('track_running_stats')].join(
        ', ',
      );
    case 'GroupNorm':
      return [...bare('num_groups', 'num_channels'), ...list('eps', 'affine'), bias].join(', ');
    case 'LayerNorm':
      return [...bare('normalized_shape'), ...list('eps', 'elementwise_affine'), bias].join(', ');
    case 'RMSNorm': {
      const eps = options['eps'] === findLayerType(layer)!.options['eps']!.default ? ['eps=None'] : list('eps');
      return [...bare('normalized_shape'), ...eps, ...list('elementwise_affine')].join(', ');
    }
    case 'LocalResponseNorm':
      return [...bare('size'), ...list('alpha', 'beta', 'k')].join(', ');
    case 'Dropout':
    case 'AlphaDropout':
    case 'FeatureAlphaDropout':
      return [...list('p'), 'inplace=False'].join(', ');
    case 'ZeroPad':
    case 'ReflectionPad':
    case 'ReplicationPad':
      return tupleText(options, 'padding');
    case 'ConstantPad':
      return [...tuples('padding'), ...list('value')].join(', ');
    case 'CrossMapLRN':
      // The default of k is a whole number in PyTorch.
      return [...bare('size'), ...list('alpha', 'beta'), options['k'] === 1 ? 'k=1' : list('k').join()].join(', ');
    case 'FractionalMaxPool':
      return '';
    case 'EmbedSequence': {
      const [rows, cols, length] = bare('rows', 'cols', 'length');
      return `\n  (tok): Embedding(${rows}, ${cols})\n  (pos): EmbedPosition(rows=${length}, cols=${cols}, added=False)\n`;
    }
    case 'Embedding':
    case 'EmbeddingBag':
      return embeddingText(layer, options);
    case 'Upsample':
      return [...list(options['size'] === null ? 'scale_factor' : 'size'), `mode='${String(options['mode'])}'`].join(
        ', ',
      );
    case 'PReLU':
      return list('num_parameters').join(', ');
    case 'Hardshrink':
    case 'Softshrink':
      return bare('lambd').join(', ');
    case 'GELU':
      return `approximate='${String(options['approximate'])}'`;
    default:
      return list(...Object.keys(options)).join(', ');
  }
}

/** A convolution shows only what differs from the default, and sizes always as tuples. */
function convolutionText(options: LayerOptions): string {
  const differs = (name: string, standard: number) =>
    [options[name] ?? standard].flat().some((value) => value !== standard);
  const parts = [
    String(options['in_channels']),
    String(options['out_channels']),
    `kernel_size=${tupleText(options, 'kernel_size')}`,
    `stride=${tupleText(options, 'stride')}`,
  ];
  if (differs('padding', 0)) parts.push(`padding=${tupleText(options, 'padding')}`);
  if (differs('dilation', 1)) parts.push(`dilation=${tupleText(options, 'dilation')}`);
  if (differs('output_padding', 0)) parts.push(`output_padding=${tupleText(options, 'output_padding')}`);
  if (options['groups'] !== 1) parts.push(`groups=${String(options['groups'])}`);
  if (options['bias'] === false) parts.push('bias=False');
  const mode = options['padding_mode'] ?? 'zeros';
  if (mode !== 'zeros') parts.push(`padding_mode=${String(mode)}`);
  return parts.join(', ');
}

/** Batches always come first here. */
function recurrentText(layer: string, options: LayerOptions): string {
  const differing = (...names: readonly string[]) => {
    const declared = findLayerType(layer)!.options;
    return names.flatMap((name) =>
      options[name] === undefined || options[name] === declared[name]!.default
        ? []
        : [`${name}=${valueText(layer, options, name)}`],
    );
  };
  return [
    String(options['input_size']),
    String(options['hidden_size']),
    ...differing('proj_size', 'num_layers', 'bias'),
    'batch_first=True',
    ...differing('dropout', 'bidirectional'),
  ].join(', ');
}

function embeddingText(layer: string, options: LayerOptions): string {
  const rows = Number(options['num_embeddings']);
  const padding = options['padding_idx'] as number | null;
  // PyTorch counts it from the first row on.
  const row = padding === null ? [] : [`padding_idx=${padding < 0 ? padding + rows : padding}`];
  const parts = [String(rows), String(options['embedding_dim'])];
  if (layer === 'Embedding') parts.push(...row);
  if (options['max_norm'] !== null) parts.push(`max_norm=${valueText(layer, options, 'max_norm')}`);
  if (options['norm_type'] !== 2) parts.push(`norm_type=${valueText(layer, options, 'norm_type')}`);
  if (options['scale_grad_by_freq'] === true) parts.push('scale_grad_by_freq=True');
  if (layer === 'EmbeddingBag') parts.push(`mode='${String(options['mode'])}'`, ...row);
  return parts.join(', ');
}

/** PyTorch's None where the windows lie side by side. */
function ownStride(layer: string, options: LayerOptions): string {
  const isWindow = JSON.stringify(options['stride']) === JSON.stringify(options['kernel_size']);
  return isWindow ? 'None' : valueText(layer, options, 'stride');
}

function tupleText(options: LayerOptions, name: string): string {
  const value = options[name];
  return Array.isArray(value) ? pythonTuple(value.map(String)) : String(value);
}

/** Equal sizes as the one number that the code gives; what is no size a dimension always as a tuple. */
function valueText(layer: string, options: LayerOptions, name: string): string {
  const value = options[name] ?? null;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const declaration = findLayerType(layer)!.options[name]!;
  if (typeof value === 'number') return declaration.kind === 'number' ? pythonFloat(value) : String(value);
  if (typeof value === 'string') return value;
  const texts = value.map(declaration.kind === 'numbers' ? pythonFloat : String);
  const isList = declaration.kind === 'integers' && declaration.count === undefined && !declaration.isOneForAll;
  const isOne = !isList && texts.every((text) => text === texts[0]);
  return isOne ? texts[0]! : pythonTuple(texts);
}
