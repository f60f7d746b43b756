import { layerTypes } from '../../../../core/catalogue/catalogue.ts';
import { shippedBlocks } from '../../../../core/editing/shipped-blocks.ts';
import { describe, expect, test } from 'vitest';
import { newContainer, newInstance, newLayer } from '../../../../core/editing/new-module.ts';
import { readQuickInsert, suggest } from '../../../../core/editing/quick-insert.ts';
import type { BlockDefinition, NetworkNode } from '../../../../core/network/tree.ts';

const blocks: Readonly<Record<string, BlockDefinition>> = {
  Unit: { parameters: [{ name: 'out' }, { name: 'stride', default: 1 }], body: { type: 'ReLU' } },
};

function read(text: string): readonly NetworkNode[] {
  const result = readQuickInsert(text, blocks);
  if (!result.ok) throw new Error(result.failures[0]!.message);
  return result.nodes;
}

function refused(text: string): string {
  const result = readQuickInsert(text, blocks);
  return result.ok ? 'read' : result.failures[0]!.message;
}

const conv = (options: object): NetworkNode => ({
  type: 'Conv2d',
  options: { out_channels: 64, kernel_size: 3, ...options },
});

const twoEnds: NetworkNode = {
  type: 'Fork',
  join: { kind: 'tuple' },
  branches: [
    { type: 'Linear', options: { out_features: 4 } },
    { type: 'Linear', options: { out_features: 2 } },
  ],
};

describe('what is typed', () => {
  test.each<readonly [text: string, nodes: readonly NetworkNode[]]>([
    ['conv 64 3 bn relu', [conv({}), { type: 'BatchNorm2d' }, { type: 'ReLU' }]],
    ['Conv2d 64, 3 -> ReLU', [conv({}), { type: 'ReLU' }]],
    ['conv 64', [conv({ padding: 1 })]],
    ['conv 16 s2', [conv({ out_channels: 16, stride: 2, padding: 1 })]],
    ['conv 64 same', [conv({ padding: 'same' })]],
    ['maxpool linear', [newLayer('MaxPool2d'), newLayer('Linear')]],
    ['encoder 2', [{ type: 'TransformerEncoder', options: { nhead: 2, num_layers: 2 } }]],
    ['conv 64 3x3 s2 p1', [conv({ stride: 2, padding: 1 })]],
    ['conv 64 3x5 2 1', [conv({ kernel_size: [3, 5], stride: 2, padding: 1 })]],
    ['conv 64 3 same nobias', [conv({ padding: 'same', bias: false })]],
    ['conv 64 3 reflect p1', [conv({ padding_mode: 'reflect', padding: 1 })]],
    ['conv kernel_size=3 64', [conv({})]],
    ['conv =4*out 3', [conv({ out_channels: '4*out' })]],
    ['conv 64 3 stride=1', [conv({})]],
    ['linear 10', [{ type: 'Linear', options: { out_features: 10 } }]],
    ['linear 10 in_features=5', [{ type: 'Linear', options: { in_features: 5, out_features: 10 } }]],
    ['maxpool 2', [{ type: 'MaxPool2d', options: { kernel_size: 2 } }]],
    ['dropout .25', [{ type: 'Dropout', options: { p: 0.25 } }]],
    ['gap flatten', [{ type: 'AdaptiveAvgPool2d', options: { output_size: 1 } }, { type: 'Flatten' }]],
    ['gn 8', [{ type: 'GroupNorm', options: { num_groups: 8 } }]],
    ['ln 8x4', [{ type: 'LayerNorm', options: { normalized_shape: [8, 4] } }]],
    ['logsoftmax', [{ type: 'LogSoftmax', options: { dim: 1 } }]],
    ['gelu tanh', [{ type: 'GELU' }, { type: 'Tanh' }]],
    [
      'flatten fc 20 bn',
      [{ type: 'Flatten' }, { type: 'Linear', options: { out_features: 20 } }, { type: 'BatchNorm1d' }],
    ],
    ['bn', [{ type: 'BatchNorm2d' }]],
    ['selfattention 8 heads', [{ type: 'SelfAttention', options: { heads: 8 } }]],
    [
      'attention 8 causal relu',
      [{ type: 'MultiheadAttention', options: { num_heads: 8, is_causal: true } }, { type: 'ReLU' }],
    ],
    [
      'encoder 6 layers 4 heads activation=gelu',
      [{ type: 'TransformerEncoder', options: { num_layers: 6, nhead: 4, activation: 'gelu' } }],
    ],
    [
      'encoderlayer 4 256 .2',
      [{ type: 'TransformerEncoderLayer', options: { nhead: 4, dim_feedforward: 256, dropout: 0.2 } }],
    ],
    ['cat add 3', [{ type: 'Cat' }, { type: 'Add', options: { inputs: 3 } }]],
    ['lstm 128 2', [{ type: 'LSTM', options: { hidden_size: 128, num_layers: 2 } }]],
    [
      'rnn 8 relu gru 4 bidirectional',
      [
        { type: 'RNN', options: { hidden_size: 8 } },
        { type: 'ReLU' },
        { type: 'GRU', options: { hidden_size: 4, bidirectional: true } },
      ],
    ],
    ['recurrent', [{ type: 'Recurrent', body: { type: 'LSTM', options: { hidden_size: 128 } } }]],
    [
      'recurrent last hidden carry (linear 6 gru 4 | linear 10)',
      [
        {
          type: 'Recurrent',
          before: { type: 'Linear', options: { out_features: 6 } },
          body: { type: 'GRU', options: { hidden_size: 4 } },
          after: { type: 'Linear', options: { out_features: 10 } },
          handsOn: ['last', 'hidden'],
          carry: true,
        },
      ],
    ],
    [
      'transform (crop 28 flip | crop 28)',
      [
        {
          type: 'Transform',
          training: {
            type: 'Sequential',
            children: [{ type: 'RandomCrop', options: { size: 28 } }, { type: 'RandomFlip' }],
          },
          evaluation: { type: 'RandomCrop', options: { size: 28 } },
        },
      ],
    ],
    [
      'n-beats (relu fork tuple (linear 4 | linear 2) | fork tuple (linear 4 | linear 2))',
      [
        {
          type: 'NBeats',
          children: [{ type: 'Sequential', children: [{ type: 'ReLU' }, twoEnds] }, twoEnds],
        },
      ],
    ],
    ['relu*3', [{ type: 'Repeat', count: 3, body: { type: 'ReLU' } }]],
    ['residual', [{ type: 'Residual', body: { type: 'Sequential', children: [] } }]],
    [
      'residual (conv 64 3 bn | conv 64 3)',
      [
        {
          type: 'Residual',
          body: { type: 'Sequential', children: [conv({}), { type: 'BatchNorm2d' }] },
          shortcut: conv({}),
        },
      ],
    ],
    [
      'fork 2',
      [
        {
          type: 'Fork',
          join: { kind: 'cat' },
          branches: [
            { type: 'Sequential', children: [] },
            { type: 'Sequential', children: [] },
          ],
        },
      ],
    ],
    [
      'fork add (relu | tanh)',
      [{ type: 'Fork', join: { kind: 'add' }, branches: [{ type: 'ReLU' }, { type: 'Tanh' }] }],
    ],
    ['repeat 3 (relu)', [{ type: 'Repeat', count: 3, body: { type: 'ReLU' } }]],
    ['repeat 3', [{ type: 'Repeat', count: 3, body: { type: 'Sequential', children: [] } }]],
    ['block unit 64', [{ type: 'Block', block: 'Unit', arguments: { out: 64 } }]],
    ['unit', [{ type: 'Block', block: 'Unit', arguments: { out: 64 } }]],
    ['Unit 64 2', [{ type: 'Block', block: 'Unit', arguments: { out: 64, stride: 2 } }]],
    ['unit 64 stride=1', [{ type: 'Block', block: 'Unit', arguments: { out: 64 } }]],
  ])('%s', (text, nodes) => {
    expect(read(text)).toEqual(nodes);
  });
});

describe('what cannot be read', () => {
  test.each<readonly [text: string, sentence: RegExp]>([
    ['', /Type a layer/],
    ['64 conv', /"64".* before any layer/],
    ['convv 64', /no layer "convv".*Did you mean/],
    ['conv 64 3 strid=2', /no option "strid".*Did you mean "stride"/],
    ['conv 64 3.5', /Conv2d needs a whole number as kernel_size/],
    ['bn 64', /no place for the number "64".*num_features=64/],
    ['dropout 2', /Dropout needs at most 1 as p/],
    ['relu 5', /ReLU has no place/],
    ['selfattention heads', /How many heads\? A number goes before the word/],
    ['inception', /no layer "inception".*Fork/],
    ['unit 1 2 3', /no place for "3"/],
    ['unit 1 step=2', /no parameter "step"/],
    ['block', /Which Block/],
    ['block nothing', /no Block "nothing"/],
    ['residual (relu', /"\)"/],
    ['relu )', /no "\(" before it/],
    ['relu (tanh)', /follows a container/],
    ['repeat 0', /whole number/],
    ['repeat 2 (relu | tanh)', /another part/],
  ])('%s', (text, sentence) => {
    expect(refused(text)).toMatch(sentence);
  });
});

describe('what is refused', () => {
  test.each<readonly [text: string, marked: string]>([
    ['conv 8 3 relu conv 64 3 strid=2 bn', 'strid=2'],
    ['conv 8 3 -> relu, convv 64 bn', 'convv'],
    ['relu 5 relu', '5'],
    ['conv 8 3 residual (relu dropout 2)', '2'],
    ['conv 0 3', '0'],
    ['conv 64 3 s0', 's0'],
    ['fork 0 (relu)', '0'],
    ['fork 2 3 (relu)', '3'],
    ['residual 2 (relu)', '2'],
    ['relu block Nothing', 'Nothing'],
    ['linear 5 multihead heads', 'heads'],
    ['conv 8 3 residual (relu', 'residual (relu'],
    ['relu fork (conv 8 1, conv 8 3) add', 'fork (conv 8 1, conv 8 3'],
    ['relu ) tanh', ')'],
    ['linear 3 (tanh)', '('],
    ['', ''],
  ])('is marked: %s', (text, marked) => {
    const result = readQuickInsert(text, blocks);
    expect(result.ok ? undefined : text.slice(...result.marked)).toBe(marked);
  });

  test.each(['residual (conv 8 3, relu)', 'fork (conv 8 1, relu | conv 8 3)', 'fork (residual (conv 8 1, relu))'])(
    'is no comma within a part: %s',
    (text) => expect(readQuickInsert(text, blocks).ok).toBe(true),
  );
});

describe('typed and dragged', () => {
  test.each([...layerTypes.map(({ name }) => name), ...Object.keys(shippedBlocks)])(
    '%s begins with the same',
    (name) => {
      const definition = shippedBlocks[name];
      expect(read(name)).toEqual([definition === undefined ? newLayer(name) : newInstance(name, definition)]);
    },
  );

  test.each(['Sequential', 'Residual', 'Fork', 'Join', 'Repeat', 'Recurrent', 'Transform', 'NBeats'] as const)(
    '%s begins with the same',
    (type) => expect(read(type)).toEqual([newContainer(type)]),
  );
});

describe('suggestions', () => {
  test('lead from related words and misspelled ones to names', () => {
    const titles = (text: string) => suggest(text, {}).map(({ title }) => title);
    expect(titles('inception')).toContain('Fork');
    expect(titles('conv 64 3 batchnrom')).toContain('BatchNorm2d');
  });

  test('complete the last word', () => {
    expect(suggest('conv 64 3 bat', blocks).map(({ text }) => text)).toContain('conv 64 3 BatchNorm2d ');
    expect(suggest('un', blocks).map(({ title }) => title)).toContain('Unit');
  });

  test('name the options that the layer before has', () => {
    expect(suggest('conv 64 3 st', blocks)).toContainEqual(
      expect.objectContaining({ text: 'conv 64 3 stride=', title: 'stride=' }),
    );
    expect(suggest('conv 64 3 stride=2 ', blocks).map(({ title }) => title)).not.toContain('stride=');
  });

  test('each can be read on from', () => {
    for (const { text } of suggest('conv 64 3 re', blocks)) {
      expect(refused(text), text).not.toMatch(/no layer/);
    }
  });
});
