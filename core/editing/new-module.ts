import type { ContainerType } from '../network/containers.ts';
import type { BlockDefinition, NetworkNode, Options } from '../network/tree.ts';

/** What a new layer begins with where an option has to be written: sizes that are usual, dragged or typed. */
export const firstOptions: Readonly<Record<string, Options>> = {
  Linear: { out_features: 10 },
  Conv2d: { out_channels: 64, kernel_size: 3, padding: 1 },
  Conv1d: { out_channels: 64, kernel_size: 3, padding: 1 },
  Conv3d: { out_channels: 64, kernel_size: 3, padding: 1 },
  ConvTranspose1d: { out_channels: 64, kernel_size: 2, stride: 2 },
  ConvTranspose2d: { out_channels: 64, kernel_size: 2, stride: 2 },
  ConvTranspose3d: { out_channels: 64, kernel_size: 2, stride: 2 },
  Unfold: { kernel_size: 2, stride: 2 },
  Fold: { output_size: 28, kernel_size: 2, stride: 2 },
  MaxPool1d: { kernel_size: 2 },
  MaxPool2d: { kernel_size: 2 },
  MaxPool3d: { kernel_size: 2 },
  AvgPool1d: { kernel_size: 2 },
  AvgPool2d: { kernel_size: 2 },
  AvgPool3d: { kernel_size: 2 },
  LPPool1d: { norm_type: 2, kernel_size: 2 },
  LPPool2d: { norm_type: 2, kernel_size: 2 },
  AdaptiveAvgPool1d: { output_size: 1 },
  AdaptiveAvgPool2d: { output_size: 1 },
  AdaptiveAvgPool3d: { output_size: 1 },
  AdaptiveMaxPool1d: { output_size: 1 },
  AdaptiveMaxPool2d: { output_size: 1 },
  AdaptiveMaxPool3d: { output_size: 1 },
  ZeroPad2d: { padding: 1 },
  ConstantPad1d: { padding: 1, value: 0 },
  ConstantPad2d: { padding: 1, value: 0 },
  ConstantPad3d: { padding: 1, value: 0 },
  ReflectionPad1d: { padding: 1 },
  ReflectionPad2d: { padding: 1 },
  ReplicationPad1d: { padding: 1 },
  ReplicationPad2d: { padding: 1 },
  ReplicationPad3d: { padding: 1 },
  Reshape: { shape: [-1] },
  Permute: { dims: [0, 2, 1] },
  Transpose: { dim0: 1, dim1: 2 },
  Squeeze: { dim: -1 },
  Unsqueeze: { dim: 1 },
  Select: { dim: 1, index: -1 },
  Upsample: { scale_factor: 2 },
  Interpolate: { scale_factor: 2 },
  IndexSelect: { dim: 1, index: [0] },
  Expand: { size: [-1, -1, -1] },
  Pad: { pad: [1, 1] },
  FractionalMaxPool2d: { kernel_size: 2, output_ratio: 0.7 },
  FractionalMaxPool3d: { kernel_size: 2, output_ratio: 0.7 },
  CrossMapLRN2d: { size: 5 },
  Embedding: { num_embeddings: 256, embedding_dim: 64 },
  EmbeddingBag: { num_embeddings: 256, embedding_dim: 64 },
  EmbedSequence: { rows: 256, cols: 64 },
  OneHot: { num_classes: 10 },
  RandomCrop: { size: 28, padding: 4 },
  Cutout: { size: 8 },
  ZScore: { mean: 0.5, std: 0.5 },
  RNN: { hidden_size: 128 },
  GRU: { hidden_size: 128 },
  LSTM: { hidden_size: 128 },
  GroupNorm: { num_groups: 1 },
  LayerNorm: { normalized_shape: [64] },
  RMSNorm: { normalized_shape: [64] },
  LocalResponseNorm: { size: 5 },
  Unflatten: { dim: 1, unflattened_size: [-1, 4, 4] },
  PixelShuffle: { upscale_factor: 2 },
  PixelUnshuffle: { downscale_factor: 2 },
  ChannelShuffle: { groups: 2 },
  Softmax: { dim: 1 },
  LogSoftmax: { dim: 1 },
  Softmin: { dim: 1 },
  Threshold: { threshold: 0, value: 0 },
  GLU: { dim: 1 },
  MultiheadAttention: { num_heads: 4 },
  SelfAttention: { heads: 4 },
  TransformerEncoderLayer: { nhead: 4 },
  TransformerEncoder: { nhead: 4, num_layers: 2 },
  TransformerDecoderLayer: { nhead: 4 },
  TransformerDecoder: { nhead: 4, num_layers: 2 },
  Bilinear: { out_features: 10 },
};

export function newLayer(type: string): NetworkNode {
  const options = firstOptions[type];
  return options === undefined ? { type } : { type, options };
}

const nothing: NetworkNode = { type: 'Sequential', children: [] };

/** As in the paper, with fewer layers: a trunk, then backcast and forecast. The backcast must be as long as the input. */
const newForecastBlock: NetworkNode = {
  type: 'Sequential',
  children: [
    newLayer('Linear'),
    { type: 'ReLU' },
    { type: 'Fork', join: { kind: 'tuple' }, branches: [newLayer('Linear'), newLayer('Linear')] },
  ],
};

export function newContainer(type: Exclude<ContainerType, 'Block'>): NetworkNode {
  switch (type) {
    case 'Sequential':
      return nothing;
    case 'Residual':
      return { type: 'Residual', body: nothing };
    case 'Fork':
    case 'Join':
      return { type, join: { kind: 'cat' }, branches: [nothing, nothing] };
    case 'Repeat':
      return { type: 'Repeat', count: 2, body: nothing };
    case 'Recurrent':
      return { type: 'Recurrent', body: newLayer('LSTM') };
    case 'Transform':
      return { type: 'Transform', training: nothing, evaluation: nothing };
    case 'NBeats':
      return { type: 'NBeats', children: [newForecastBlock] };
  }
}

/** Of a parameter without a default. */
export const firstArgument = 64;

/** Parameters without a default get a usual size. */
export function newInstance(block: string, { parameters }: BlockDefinition): NetworkNode {
  const needed = parameters
    .filter((parameter) => parameter.default === undefined)
    .map(({ name }) => [name, firstArgument] as const);
  return { type: 'Block', block, ...(needed.length === 0 ? {} : { arguments: Object.fromEntries(needed) }) };
}

/** What makes the input of a Residual as large as its body's output; shapes of one sample. */
export function newShortcut(input: readonly number[], output: readonly number[]): NetworkNode {
  const [channels = 64, height = 1] = output;
  if (output.length !== 3) return { type: 'Linear', options: { out_features: output.at(-1) ?? channels } };
  const stride = Math.max(1, Math.round((input[1] ?? height) / height));
  const options = { out_channels: channels, kernel_size: 1, ...(stride > 1 ? { stride } : {}), bias: false };
  return { type: 'Conv2d', options };
}
