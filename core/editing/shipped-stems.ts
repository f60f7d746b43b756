import type { Blocks, LayerNode, NetworkNode } from '../network/tree.ts';

const norm: LayerNode = { type: 'BatchNorm2d' };
const relu: LayerNode = { type: 'ReLU' };
const pool: LayerNode = { type: 'MaxPool2d', options: { kernel_size: 3, stride: 2, padding: 1 } };
const out = { name: 'out', default: 64, help: 'Output channels.' };

/** What ResNets for large images begin with: a quarter of the height and width is left. Small images need none of it. */
export const stems: Blocks = {
  /** He and others 2015, "Deep residual learning for image recognition". */
  ResNetStem: {
    description: 'A 7×7 convolution and a pooling, each of stride 2: the beginning of a ResNet for large images.',
    parameters: [out],
    body: { type: 'Sequential', children: [...unit('out', 7, 2), pool] },
  },
  /** He and others 2019, "Bag of tricks for image classification with convolutional neural networks", ResNet-C. */
  DeepStem: {
    description: 'Three 3×3 convolutions, the first of stride 2, instead of a 7×7, and a pooling.',
    parameters: [{ name: 'width', default: 32, help: 'Channels inside the block.' }, out],
    body: {
      type: 'Sequential',
      children: [...unit('width', 3, 2), ...unit('width', 3, 1), ...unit('out', 3, 1), pool],
    },
  },
};

function unit(channels: string, kernel: number, stride: number): readonly NetworkNode[] {
  const sizes = { out_channels: channels, kernel_size: kernel, padding: (kernel - 1) / 2, bias: false };
  return [{ type: 'Conv2d', options: stride === 1 ? sizes : { ...sizes, stride } }, norm, relu];
}
