import { findLayerType } from '../catalogue/catalogue.ts';
import type { ContainerType } from '../network/containers.ts';
import type { BlockDefinition, NetworkNode } from '../network/tree.ts';

export function newLayer(type: string): NetworkNode {
  const options = findLayerType(type)?.begin;
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
