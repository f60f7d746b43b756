import { findLayerType } from '../catalogue/catalogue.ts';
import type { LayerOptions } from '../catalogue/layer-type.ts';
import type { ResolvedLayer } from '../network/resolved.ts';
import { pythonFloat, pythonTuple } from './python-words.ts';

/** As `extra_repr` of the layer's class in torch/nn/modules; options by their names where it has nothing of its own. */
export function layerText({ layer, options, parameters }: ResolvedLayer): string {
  const has = (parameter: string) =>
    parameters.some(({ name }) => name === parameter || name.endsWith(`.${parameter}`));
  const list = (...names: readonly string[]) => names.map((name) => `${name}=${valueText(layer, options, name)}`);
  const bare = (...names: readonly string[]) => names.map((name) => valueText(layer, options, name));
  const tuples = (...names: readonly string[]) => names.map((name) => `${name}=${tupleText(options, name)}`);
  const bias = `bias=${has('bias') ? 'True' : 'False'}`;
  // Layers there are for one, two and three dimensions.
  switch (layer.replace(/[123]d$/, '')) {
    case 'RNN':
    case 'GRU':
    case 'LSTM':
      return recurrentText(layer, options);
    case 'Linear':
      return [...list('in_features', 'out_features'), bias].join(', ');
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
    case 'Upsample':
      return [...list('scale_factor'), `mode='${String(options['mode'])}'`].join(', ');
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
  const value = options[name]!;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') {
    return findLayerType(layer)!.options[name]!.kind === 'number' ? pythonFloat(value) : String(value);
  }
  if (typeof value === 'string') return value;
  const isList = ['normalized_shape', 'unflattened_size', 'shape', 'dims'].includes(name);
  const isOne = !isList && value.every((entry) => entry === value[0]);
  return isOne ? String(value[0]) : pythonTuple(value.map(String));
}
