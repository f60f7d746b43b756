import type { BlockDefinition, Blocks, LayerNode, NetworkNode, Options } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { stems } from './shipped-stems.ts';
import { transformerBlocks } from './shipped-transformer.ts';
import { blocksUsed } from './walk.ts';

const norm: LayerNode = { type: 'BatchNorm2d' };
const relu: LayerNode = { type: 'ReLU' };

const out = { name: 'out', help: 'Channels that come out.' };
const stride = { name: 'stride', default: 2, help: 'How much smaller the image becomes.' };
const kernel = { name: 'kernel', default: 3, help: 'Size of the filters.' };

function sequence(...children: readonly NetworkNode[]): NetworkNode {
  return { type: 'Sequential', children };
}

/** Without a bias: the normalisation beside it has one. */
function conv3(options: Options = {}): LayerNode {
  return { type: 'Conv2d', options: { out_channels: 'out', kernel_size: 3, ...options, padding: 1, bias: false } };
}

function conv1(channels: string, options: Options = {}): LayerNode {
  return { type: 'Conv2d', options: { out_channels: channels, kernel_size: 1, ...options, bias: false } };
}

/**
 * He and others 2015, "Deep residual learning for image recognition"; the bottleneck's stride as in torchvision, at the
 * 3×3. The first block of a group has a 1×1 convolution in the shortcut, the others the identity.
 */
const residual: Blocks = {
  BasicBlock: {
    description:
      'Two 3×3 convolutions beside the identity; where the image shrinks or the channels change, beside a 1×1 convolution.',
    parameters: [out, { ...stride, default: 1 }],
    body: {
      type: 'Residual',
      body: sequence(conv3({ stride: 'stride' }), norm, relu, conv3(), norm),
      shortcut: sequence(conv1('out', { stride: 'stride' }), norm),
      shortcutWhere: 'changed',
      after: relu,
    },
  },
  Bottleneck: {
    description:
      'A 1×1 convolution to fewer channels, a 3×3 among those, a 1×1 back to four times as many, beside the identity; where the image shrinks or the channels change, beside a 1×1 convolution.',
    parameters: [
      { name: 'channels', help: 'Channels within; four times as many come out.' },
      { ...stride, default: 1 },
    ],
    body: {
      type: 'Residual',
      body: sequence(
        ...[conv1('channels'), norm, relu],
        ...[conv3({ out_channels: 'channels', stride: 'stride' }), norm, relu],
        ...[conv1('4*channels'), norm],
      ),
      shortcut: sequence(conv1('4*channels', { stride: 'stride' }), norm),
      shortcutWhere: 'changed',
      after: relu,
    },
  },
};

const dropout = { name: 'dropout', default: 0.3, help: 'Probability that an element becomes zero.' };
const drop: LayerNode = { type: 'Dropout', options: { p: 'dropout' } };

/** Zagoruyko and Komodakis 2016, "Wide residual networks". */
const wide: Blocks = {
  WideBlock: {
    description: 'Normalisation and ReLU come before each convolution; the shortcut is the identity.',
    parameters: [{ name: 'out', help: 'Channels, in and out.' }, dropout],
    body: { type: 'Residual', body: sequence(norm, relu, conv3(), norm, relu, drop, conv3()) },
  },
  WideDownBlock: {
    description: 'First block of a group: body and 1×1 shortcut both take what the first normalisation and ReLU made.',
    parameters: [out, stride, dropout],
    body: sequence(norm, relu, {
      type: 'Residual',
      body: sequence(conv3({ stride: 'stride' }), norm, relu, drop, conv3()),
      shortcut: conv1('out', { stride: 'stride' }),
    }),
  },
};

/** Hu and others 2017, "Squeeze-and-excitation networks"; 1×1 convolutions with bias for the two layers, as in torchvision.ops. */
const squeezeExcitation: BlockDefinition = {
  description: 'Scales every channel by a factor computed from the means of all channels (squeeze and excitation).',
  parameters: [
    { name: 'channels', help: 'Channels, in and out.' },
    { name: 'reduction', default: 16, help: 'Factor by which the channels are reduced inside the block.' },
  ],
  body: {
    type: 'Fork',
    join: { kind: 'multiply' },
    branches: [
      { type: 'Identity' },
      sequence(
        { type: 'AdaptiveAvgPool2d', options: { output_size: 1 } },
        { type: 'Conv2d', options: { out_channels: 'channels // reduction', kernel_size: 1 } },
        relu,
        { type: 'Conv2d', options: { out_channels: 'channels', kernel_size: 1 } },
        { type: 'Sigmoid' },
      ),
    ],
  },
};

/** Trockman and Kolter 2022, "Patches are all you need?". */
const convMixer: BlockDefinition = {
  description:
    'Mixes pixels with one filter per channel and an identity shortcut, then mixes channels with a 1×1 convolution.',
  parameters: [
    { name: 'channels', help: 'Channels, in and out.' },
    { ...kernel, default: 9 },
  ],
  body: sequence(
    {
      type: 'Residual',
      body: sequence(
        {
          type: 'Conv2d',
          options: { out_channels: 'channels', kernel_size: 'kernel', padding: 'same', groups: 'channels' },
        },
        { type: 'GELU' },
        norm,
      ),
    },
    { type: 'Conv2d', options: { out_channels: 'channels', kernel_size: 1 } },
    { type: 'GELU' },
    norm,
  ),
};

/** Hasanpour and others 2018, "Towards principled design of deep convolutional networks: introducing SimpNet". */
const simpNet: Blocks = {
  SimpNetUnit: {
    description: 'Convolution that keeps the image’s size, normalisation, ReLU, dropout.',
    parameters: [out, kernel, { ...dropout, default: 0.2 }],
    body: sequence(...simpNetStart(), drop),
  },
  SimpNetPooledUnit: {
    description: 'The same with a pooling before the dropout.',
    parameters: [out, kernel, { ...dropout, default: 0.2 }, { name: 'pool', default: 2, help: stride.help }],
    body: sequence(...simpNetStart(), { type: 'MaxPool2d', options: { kernel_size: 'pool' } }, drop),
  },
};

function simpNetStart(): readonly NetworkNode[] {
  const conv: LayerNode = {
    type: 'Conv2d',
    options: { out_channels: 'out', kernel_size: 'kernel', padding: 'same' },
  };
  return [conv, { type: 'BatchNorm2d', options: { momentum: 0.05 } }, relu];
}

const lessonUnit: BlockDefinition = {
  description: 'Convolution, ReLU, then normalisation of each channel with a learned scale and shift.',
  parameters: [out, stride],
  body: sequence(conv3({ stride: 'stride' }), relu, norm),
};

/** Blocks that come with Torchwright; the first use of one puts its definition into the project, where it can be changed. */
export const shippedBlocks: Blocks = {
  ...residual,
  ...stems,
  ...wide,
  SqueezeExcitation: squeezeExcitation,
  ConvMixer: convMixer,
  ...simpNet,
  LessonUnit: lessonUnit,
  ...transformerBlocks,
};

/** The project with the definitions of the shipped Blocks that the nodes use; its own of the same name stay. */
export function withShipped(project: Project, nodes: readonly NetworkNode[]): Project {
  const own = project.blocks ?? {};
  const used = blocksUsed(nodes, { ...shippedBlocks, ...own });
  const missing = [...used].filter((name) => !Object.hasOwn(own, name) && Object.hasOwn(shippedBlocks, name));
  if (missing.length === 0) return project;
  const added = missing.map((name) => [name, shippedBlocks[name]!] as const);
  return { ...project, blocks: { ...own, ...Object.fromEntries(added) } };
}
