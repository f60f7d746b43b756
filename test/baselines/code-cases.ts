import fc from 'fast-check';
import type { Flow, Shape } from '../../core/catalogue/shape.ts';
import { pythonCode } from '../../core/code/python.ts';
import type { PythonCode } from '../../core/code/python.ts';
import { isContainer } from '../../core/network/containers.ts';
import { resolveNetwork } from '../../core/network/resolve.ts';
import type { ResolvedNode } from '../../core/network/resolved.ts';
import type { Blocks, NetworkNode } from '../../core/network/tree.ts';
import { knownData } from '../../core/project/known-data.ts';
import { networkInputs } from '../../core/project/network-inputs.ts';
import { parseProject } from '../../core/project/parse.ts';
import { networks } from '../unit/core/network/arbitrary-network.ts';
import { recipeNames, recipeText } from '../unit/core/project/recipe-files.ts';
import layerValues from './layer-values.json' with { type: 'json' };

/** A network with its Python code: what Python makes of it lies in python-code.json. */
export interface CodeCase {
  readonly name: string;
  readonly resolved: ResolvedNode;
  readonly code: PythonCode;
  /** Whether it gets whole numbers, from 0 to 255. */
  readonly isWhole: boolean;
}

export function codeCases(): readonly CodeCase[] {
  const special = Object.entries(specials).map(([name, [input, main, blocks]]) => made(name, input, main, blocks));
  return [...recipeNames.map(recipeCase), ...special, ...layerCases(), ...randomCases()];
}

interface ValuesCase {
  readonly isWhole: boolean;
  readonly middle: readonly NetworkNode[];
}

/** For a layer of several inputs. */
function makesTuple(node: NetworkNode): boolean {
  return isContainer(node) && node.type === 'Fork' && node.join.kind === 'tuple';
}

/** Every layer, with default and unusual options: what layer_values.py puts between a convolution and a linear layer. */
function layerCases(): readonly CodeCase[] {
  const { cases } = layerValues as unknown as { readonly cases: readonly ValuesCase[] };
  const isOfLayers = ({ middle }: ValuesCase) => middle.every((node) => !isContainer(node) || makesTuple(node));
  return cases.filter(isOfLayers).map(({ isWhole, middle }, index) => {
    const network = { type: 'Sequential', children: middle } as const;
    return { ...made(`layer ${index}`, isWhole ? [3, 4, 4] : [6, 15, 15], network), isWhole };
  });
}

function recipeCase(name: string): CodeCase {
  const parsed = parseProject(recipeText(name));
  if (!parsed.ok) throw new Error(parsed.failures[0]!.message);
  const { networks: trees, blocks, data } = parsed.project;
  return made(name, networkInputs(parsed.project, 'main', knownData.get(data.source)!.inputShape), trees.main, blocks);
}

function made(name: string, input: Shape | Flow, main: NetworkNode, blocks: Blocks = {}): CodeCase {
  const resolution = resolveNetwork(main, blocks, isFlow(input) ? input : [input]);
  if (!resolution.ok) throw new Error(`${name}: ${resolution.failures[0]!.message}`);
  return {
    name,
    resolved: resolution.network,
    code: pythonCode({ name, networks: { main }, blocks }, resolution.network),
    isWhole: false,
  };
}

function isFlow(input: Shape | Flow): input is Flow {
  return typeof input[0] !== 'number';
}

/** Always the same ones: networks as they come, and networks of Blocks with parameters, where they can work. */
function randomCases(): readonly CodeCase[] {
  const works = (main: NetworkNode, blocks: Blocks) => resolveNetwork(main, blocks, [[4, 6, 8]]).ok;
  const plain = fc.sample(networks, { seed: 1, numRuns: 400 }).filter((main) => works(main, {}));
  const parametric = fc.sample(networksOfBlocks, { seed: 1, numRuns: 400 }).filter((pair) => works(...pair));
  return [
    ...plain.slice(0, 30).map((main, index) => made(`random ${index}`, [4, 6, 8], main)),
    ...parametric.slice(0, 30).map((pair, index) => made(`random Blocks ${index}`, [4, 6, 8], ...pair)),
  ];
}

const size = fc.constantFrom<number | string>('out', '2*out', 'out/2 + width', 'width', 4);
const stage = fc.oneof(
  size.map((out): NetworkNode => ({
    type: 'Conv2d',
    options: { out_channels: out, kernel_size: [1, 'odd'], padding: 'same' },
  })),
  fc.constantFrom<NetworkNode>({ type: 'BatchNorm2d' }, { type: 'ReLU' }, { type: 'Dropout', options: { p: 'rate' } }),
  size.map((width): NetworkNode => ({ type: 'Linear', options: { out_features: width } })),
);

const parameters = [
  { name: 'out' },
  { name: 'width', default: 6 },
  { name: 'odd', default: 3 },
  { name: 'rate', default: 0.5 },
];

/** A body of layers, containers and instances of `inner`. */
function bodies(inner: readonly string[]): fc.Arbitrary<NetworkNode> {
  const instance = fc.record({ out: size, rate: fc.constantFrom<number | string>(0, 1, 'rate/2') });
  const leaf: fc.Arbitrary<NetworkNode> =
    inner.length === 0
      ? stage
      : fc.oneof(
          stage,
          fc.tuple(fc.constantFrom(...inner), instance).map(([block, given]): NetworkNode => {
            return { type: 'Block', block, arguments: given };
          }),
        );
  const list = fc.array(leaf, { minLength: 1, maxLength: 4 });
  const sequence = list.map((children): NetworkNode => ({ type: 'Sequential', children }));
  return fc.oneof(
    sequence,
    sequence.map((body): NetworkNode => ({ type: 'Repeat', count: 2, body })),
    sequence.map((body): NetworkNode => ({ type: 'Repeat', count: 'odd', body })),
    fc.tuple(sequence, sequence).map((branches): NetworkNode => ({ type: 'Fork', join: { kind: 'cat' }, branches })),
    fc.tuple(sequence, sequence).map(([body, shortcut]): NetworkNode => ({ type: 'Residual', body, shortcut })),
  );
}

const networksOfBlocks = fc.tuple(bodies([]), bodies([]), bodies(['A', 'B'])).chain(([a, b, c]) => {
  const given = fc.record({
    out: fc.constantFrom(2, 4, 6),
    odd: fc.constantFrom(1, 3),
    rate: fc.constantFrom(0, 0.25),
  });
  const instance = fc.tuple(fc.constantFrom('A', 'B', 'C'), given).map(([block, values]): NetworkNode => {
    return { type: 'Block', block, arguments: values };
  });
  const blocks = { A: { parameters, body: a }, B: { parameters, body: b }, C: { parameters, body: c } };
  const main = fc.array(instance, { minLength: 1, maxLength: 4 }).map((children): NetworkNode => {
    return { type: 'Sequential', children };
  });
  return fc.tuple(main, fc.constant(blocks));
});

const relu: NetworkNode = { type: 'ReLU' };

function convolution(out: number | string, options: Readonly<Record<string, number | string>> = {}): NetworkNode {
  return { type: 'Conv2d', options: { out_channels: out, kernel_size: 3, padding: 1, ...options } };
}

function instance(block: string, given: Readonly<Record<string, number | string>> = {}): NetworkNode {
  return { type: 'Block', block, arguments: given };
}

function sequence(...children: readonly NetworkNode[]): NetworkNode {
  return { type: 'Sequential', children };
}

function forecasting(hidden: number | string, backcast: number, forecast: number): NetworkNode {
  const linear = (size: number | string): NetworkNode => ({ type: 'Linear', options: { out_features: size } });
  const branches = [linear(backcast), linear(forecast)];
  return sequence(linear(hidden), relu, { type: 'Fork', join: { kind: 'tuple' }, branches });
}

type Special = readonly [input: Shape | Flow, main: NetworkNode, blocks?: Blocks];

const specials: Readonly<Record<string, Special>> = {
  'a layer alone': [[6], { type: 'Linear', options: { out_features: 2 } }],
  nothing: [[6], sequence()],
  'every layer, every option': [
    [4, 9, 9],
    sequence(
      {
        type: 'Conv2d',
        options: {
          out_channels: 8,
          kernel_size: [3, 1],
          stride: [2, 1],
          padding: [1, 0],
          dilation: 2,
          groups: 2,
          bias: false,
          padding_mode: 'reflect',
        },
      },
      { type: 'Conv2d', options: { out_channels: 8, kernel_size: 3, padding: 'same' } },
      { type: 'Conv2d', options: { out_channels: 6, kernel_size: [1, 1], padding: 'valid', in_channels: 8 } },
      { type: 'BatchNorm2d', options: { eps: 1e-3, momentum: 0.05 } },
      { type: 'BatchNorm2d', options: { affine: false, track_running_stats: false } },
      { type: 'GroupNorm', options: { num_groups: 3, eps: 0.00001 } },
      { type: 'MaxPool2d', options: { kernel_size: 2, stride: 1, padding: 1, ceil_mode: true } },
      { type: 'MaxPool2d', options: { kernel_size: [2, 1] } },
      { type: 'AvgPool2d', options: { kernel_size: [1, 2], stride: 1, count_include_pad: false } },
      { type: 'AdaptiveMaxPool2d', options: { output_size: [2, 3] } },
      { type: 'AdaptiveAvgPool2d', options: { output_size: 2 } },
      { type: 'LayerNorm', options: { normalized_shape: [2, 2], bias: false } },
      { type: 'LayerNorm', options: { normalized_shape: 2, elementwise_affine: false } },
      { type: 'Dropout', options: { p: 0 } },
      { type: 'Dropout2d' },
      { type: 'LeakyReLU' },
      { type: 'LeakyReLU', options: { negative_slope: 1e-7 } },
      { type: 'ELU', options: { alpha: 2 } },
      { type: 'GELU', options: { approximate: 'tanh' } },
      { type: 'GELU' },
      ...['SiLU', 'Sigmoid', 'Tanh', 'Mish', 'Hardswish', 'Identity'].map((type): NetworkNode => ({ type })),
      { type: 'Flatten', options: { start_dim: -2 } },
      { type: 'BatchNorm1d' },
      { type: 'Flatten' },
      { type: 'Linear', options: { out_features: 7, bias: false } },
      { type: 'Softmax', options: { dim: 1 } },
      { type: 'LogSoftmax', options: { dim: -1 } },
    ),
  ],
  'names, also those that PyTorch has for itself': [
    [3],
    {
      type: 'Sequential',
      children: [
        { type: 'Linear', name: 'train', options: { out_features: 4 } },
        relu,
        {
          type: 'Sequential',
          name: 'forward',
          children: [{ type: 'Linear', name: 'type', options: { out_features: 4 } }],
        },
        {
          type: 'Fork',
          name: 'gate',
          join: { kind: 'multiply' },
          branches: [{ type: 'Linear', name: 'keys', options: { out_features: 4 } }, { type: 'Identity' }],
        },
      ],
    },
  ],
  'every join': [
    [4, 6],
    sequence(
      ...(['add', 'multiply', 'stack', 'cat', 'matmul'] as const).map((kind): NetworkNode => {
        const branch: NetworkNode = { type: 'Linear', options: { out_features: kind === 'matmul' ? 12 : 6 } };
        const join = kind === 'stack' ? { kind, dim: -1 } : kind === 'cat' ? { kind, dim: 3 } : { kind };
        return { type: 'Fork', join, branches: [branch, branch, relu].slice(0, kind === 'matmul' ? 1 : 3) };
      }),
      { type: 'Fork', join: { kind: 'cat', dim: -1 }, branches: [{ type: 'Identity' }, relu] },
    ),
  ],
  'several inputs': [
    [[3, 8, 8], [4, 8, 8], [6]],
    sequence(
      convolution(5),
      { type: 'Join', join: { kind: 'cat' }, branches: [{ type: 'Sequential', children: [] }, convolution(2)] },
      { type: 'Flatten' },
      { type: 'Linear', options: { out_features: 6 } },
      { type: 'Join', name: 'sum', join: { kind: 'add' }, branches: [relu, relu] },
    ),
  ],
  'tuples': [
    [6],
    sequence(
      { type: 'Fork', join: { kind: 'tuple' }, branches: [relu, { type: 'Linear', options: { out_features: 3 } }] },
      { type: 'Linear', options: { out_features: 3 } },
      {
        type: 'Repeat',
        count: 2,
        shared: true,
        body: sequence(
          { type: 'Join', join: { kind: 'tuple' }, branches: [{ type: 'Linear', options: { out_features: 3 } }, relu] },
          relu,
        ),
      },
      {
        type: 'Repeat',
        count: 2,
        body: { type: 'Join', join: { kind: 'tuple' }, branches: [{ type: 'Linear', options: { out_features: 3 } }, relu] },
      },
      { type: 'Join', join: { kind: 'multiply' }, branches: [relu, relu] },
    ),
  ],
  'recurrent layers': [
    [5, 3],
    sequence(
      { type: 'Recurrent', body: { type: 'GRU', options: { hidden_size: 4 } } },
      {
        type: 'Recurrent',
        name: 'reader',
        handsOn: ['last', 'hidden', 'sequence'],
        carry: true,
        before: sequence({ type: 'Linear', options: { out_features: 6 } }, relu),
        body: { type: 'LSTM', options: { hidden_size: 4, num_layers: 2, bidirectional: true, proj_size: 2 } },
        after: { type: 'Linear', options: { out_features: 2 } },
      },
      { type: 'Linear', options: { out_features: 2 } },
      {
        type: 'Join',
        join: { kind: 'cat' },
        branches: [
          { type: 'Unsqueeze', options: { dim: 1 } },
          sequence(),
          { type: 'RNN', options: { hidden_size: 2, nonlinearity: 'relu', bias: false, num_layers: 2, dropout: 0.2 } },
        ],
      },
      {
        type: 'Recurrent',
        handsOn: ['last'],
        body: { type: 'RNN', options: { hidden_size: 4 } },
        after: { type: 'Linear', options: { out_features: 3 } },
      },
    ),
  ],
  'transforms': [
    [3, 8, 8],
    sequence(
      {
        type: 'Transform',
        training: sequence(
          { type: 'RandomCrop', options: { size: 8, padding: 2 } },
          { type: 'RandomFlip', options: { p: 0.3 } },
        ),
        evaluation: sequence(),
      },
      {
        type: 'Transform',
        name: 'noisy',
        training: sequence({ ...convolution(4), name: 'widen' }, { type: 'Dropout' }),
        evaluation: convolution(4),
      },
    ),
  ],
  'blocks of backcast and forecast': [
    [12],
    sequence(
      { type: 'NBeats', children: [forecasting(8, 12, 4), { ...forecasting(8, 12, 4), name: 'season' }] },
      { type: 'NBeats', children: [instance('Trend', { hidden: 6 }), instance('Trend')] },
      { type: 'Linear', options: { out_features: 1 } },
    ),
    {
      Trend: {
        parameters: [{ name: 'hidden', default: 5 }],
        body: forecasting('hidden', 4, 3),
      },
    },
  ],
  'matrix products': [
    [4, 4],
    {
      type: 'Fork',
      join: { kind: 'matmul' },
      branches: [{ type: 'Identity' }, { type: 'Linear', options: { out_features: 4 } }, relu],
    },
  ],
  'copies that share and copies that do not': [
    [3, 8, 8],
    sequence(
      { type: 'Repeat', count: 3, body: sequence(convolution(5), relu) },
      { type: 'Repeat', count: 4, shared: true, body: convolution(5) },
      { type: 'Repeat', count: 2, body: { type: 'Repeat', count: 2, body: convolution(5) } },
      {
        type: 'Repeat',
        count: 3,
        body: { type: 'Fork', join: { kind: 'cat' }, branches: [{ type: 'Identity' }, convolution(2)] },
      },
      { type: 'Repeat', count: 1, body: relu },
    ),
  ],
  'a Block that grows, with a count': [
    [3, 8, 8],
    sequence(instance('Dense', { layers: 3 }), convolution(8), instance('Dense', { layers: 2, growth: 4 })),
    {
      Dense: {
        parameters: [{ name: 'growth', default: 2 }, { name: 'layers' }],
        body: {
          type: 'Repeat',
          count: 'layers',
          body: { type: 'Fork', join: { kind: 'cat' }, branches: [{ type: 'Identity' }, convolution('growth')] },
        },
      },
    },
  ],
  'a Block for a Block, for a layer, with parameters as Python calls things': [
    [4, 8, 8],
    sequence(
      instance('Network', { in: 7, nn: 1.5 }),
      instance('Residual', { lambda: 6 }),
      instance('Leaf', { self: 3 }),
    ),
    {
      Leaf: { parameters: [{ name: 'self' }], body: convolution('self*2 - -1') },
      Residual: {
        description: 'A "quoted"\n\\ text',
        parameters: [{ name: 'lambda' }, { name: '__out', default: 2 }],
        body: instance('Leaf', { self: 'lambda//2 + __out % 3' }),
      },
      Network: {
        parameters: [{ name: 'in' }, { name: 'nn' }],
        body: {
          type: 'Residual',
          body: convolution('in'),
          shortcut: instance('Residual', { lambda: '(in*nn + in*0.5)/2*1.0 - 5' }),
          after: { type: 'Dropout', options: { p: '1 - nn/2' } },
        },
      },
    },
  ],
  'a shortcut only where the shape changes: as torchvision asks, in copies, in a Block that cannot ask so': [
    [3, 9, 9],
    sequence(
      convolution(4),
      instance('Basic', { out: 4 }),
      instance('Basic', { out: 4, stride: 2 }),
      instance('Basic', { out: 6 }),
      { type: 'Repeat', count: 3, body: instance('Basic', { out: 5 }) },
      instance('Pooled', { size: 1 }),
      instance('Pooled', { size: 2 }),
      instance('Shared', { out: 6 }),
      { type: 'Residual', body: convolution(6), shortcut: convolution(6), shortcutWhere: 'changed' },
    ),
    {
      Basic: {
        parameters: [{ name: 'out' }, { name: 'stride', default: 1 }],
        body: {
          type: 'Residual',
          body: sequence(
            { type: 'Conv2d', options: { out_channels: 'out', kernel_size: 3, stride: 'stride', padding: 1 } },
            relu,
            convolution('out'),
          ),
          shortcut: { type: 'Conv2d', options: { out_channels: 'out', kernel_size: 1, stride: 'stride' } },
          shortcutWhere: 'changed',
          after: relu,
        },
      },
      Pooled: {
        parameters: [{ name: 'size' }],
        body: {
          type: 'Residual',
          body: { type: 'MaxPool2d', options: { kernel_size: 'size' } },
          shortcut: { type: 'AvgPool2d', options: { kernel_size: 'size' } },
          shortcutWhere: 'changed',
        },
      },
      Shared: {
        parameters: [{ name: 'out' }],
        body: { type: 'Residual', body: convolution('out'), shortcut: convolution('out'), shortcutWhere: 'changed' },
      },
    },
  ],
  'Blocks whose layers follow the size of the image': [
    [2, 8, 8],
    sequence(
      instance('Rows', { to: 6 }),
      { type: 'AvgPool2d', options: { kernel_size: 2 } },
      instance('Rows', { to: 5 }),
      instance('Squeeze', { by: 2 }),
    ),
    {
      Rows: {
        parameters: [{ name: 'to' }],
        body: sequence(
          { type: 'Linear', options: { out_features: 'to' } },
          { type: 'Linear', options: { out_features: 8 } },
        ),
      },
      Squeeze: {
        parameters: [{ name: 'by' }],
        body: {
          type: 'Sequential',
          children: [
            { type: 'AdaptiveAvgPool2d', options: { output_size: 1 } },
            { type: 'Flatten' },
            { type: 'Linear', options: { out_features: '4//by' } },
            { type: 'Linear', options: { out_features: 'by' } },
          ],
        },
      },
    },
  ],
  'fills and frozen parameters': [
    [16, 8, 8],
    {
      type: 'Sequential',
      initialise: [
        { parameters: 'weight', types: ['Conv2d'], method: 'kaiming_normal' },
        { parameters: 'bias', method: 'zeros' },
        { parameters: 'norm', method: 'constant', value: 0.5 },
      ],
      children: [
        convolution(64),
        {
          ...convolution(64),
          frozen: true,
          initialise: [{ parameters: 'weight', method: 'kaiming_uniform', mode: 'fan_out', nonlinearity: 'relu' }],
        },
        { type: 'BatchNorm2d', initialise: [{ parameters: 'bias', method: 'ones' }] },
        { type: 'BatchNorm2d', options: { affine: false } },
        { type: 'AdaptiveAvgPool2d', options: { output_size: 1 } },
        { type: 'Flatten' },
        {
          type: 'Linear',
          options: { out_features: 100 },
          initialise: [{ parameters: 'weight', method: 'normal', mean: 1, std: 0.25 }],
        },
        {
          type: 'Linear',
          options: { out_features: 100 },
          initialise: [{ parameters: 'weight', method: 'xavier_uniform', nonlinearity: 'tanh' }],
        },
        {
          type: 'Linear',
          options: { out_features: 100, bias: false },
          initialise: [{ parameters: 'weight', method: 'xavier_normal' }],
        },
      ],
    },
  ],
  'all frozen': [[3], { type: 'Linear', frozen: true, options: { out_features: 2 } }],
};
