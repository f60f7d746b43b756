import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../../core/failure.ts';
import { resolveNetwork } from '../../../../core/network/resolve.ts';
import { layersOf } from '../../../../core/network/resolved.ts';
import type { ResolvedNode } from '../../../../core/network/resolved.ts';
import { summarise } from '../../../../core/network/summarise.ts';
import type { Blocks, NetworkNode, RecurrentOutput } from '../../../../core/network/tree.ts';

function resolved(network: NetworkNode, input: readonly number[], blocks: Blocks = {}): ResolvedNode {
  const result = resolveNetwork(network, blocks, [input]);
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.network;
}

function refusal(network: NetworkNode, input: readonly number[], blocks: Blocks = {}): Failure {
  const result = resolveNetwork(network, blocks, [input]);
  if (result.ok) throw new Error('was not refused');
  return result.failures[0]!;
}

/** Each a Linear of so many features, of one input. */
function forecasting(...sizes: readonly number[]): NetworkNode {
  return { type: 'Fork', join: { kind: 'tuple' }, branches: sizes.map(linear) };
}

function names(network: ResolvedNode): string[] {
  return [...layersOf(network)].flatMap((layer) => layer.parameters.map((parameter) => parameter.name));
}

const linear = (size: number): NetworkNode => ({
  type: 'Linear',
  options: { out_features: size, bias: false },
});
const sequential = (...children: readonly NetworkNode[]): NetworkNode => ({ type: 'Sequential', children });

describe('parameter names are those of the equivalent Python module', () => {
  test('position or name in a Sequential, body, shortcut and after in a Residual', () => {
    const network = sequential(
      { ...linear(4), name: 'first' },
      { type: 'Residual', body: sequential({ type: 'ReLU' }, linear(3)), shortcut: linear(3), after: linear(2) },
    );
    expect(names(resolved(network, [5]))).toEqual([
      'first.weight',
      '1.body.1.weight',
      '1.shortcut.weight',
      '1.after.weight',
    ]);
  });

  test('of a shortcut where the body changes the shape, and else none, if it says so', () => {
    const unit = (out: number, where?: 'changed'): NetworkNode => ({
      type: 'Residual',
      body: linear(out),
      shortcut: linear(out),
      ...(where && { shortcutWhere: where }),
    });
    const network = sequential(unit(4, 'changed'), unit(4, 'changed'), unit(4));
    expect(names(resolved(network, [5]))).toEqual([
      '0.body.weight',
      '0.shortcut.weight',
      '1.body.weight',
      '2.body.weight',
      '2.shortcut.weight',
    ]);
    expect(resolveNetwork(unit(4, 'changed'), {}, [[4]])).toMatchObject({ network: { shortcut: null, output: [4] } });
  });

  test('branches of a Fork, copies of a Repeat, the one body of a shared Repeat', () => {
    const network = sequential(
      { type: 'Fork', join: { kind: 'cat' }, branches: [linear(4), linear(2)] },
      { type: 'Repeat', count: 2, body: linear(6) },
      { type: 'Repeat', count: 3, shared: true, body: linear(6) },
    );
    expect(names(resolved(network, [5]))).toEqual([
      '0.branches.0.weight',
      '0.branches.1.weight',
      '1.0.weight',
      '1.1.weight',
      '2.body.weight',
    ]);
  });

  test('before, body and after in a Recurrent, the layer by the names of nn.LSTM', () => {
    const body = { type: 'LSTM', options: { hidden_size: 3, bias: false, bidirectional: true } };
    const network: NetworkNode = { type: 'Recurrent', before: linear(4), body, after: linear(2) };
    expect(names(resolved(network, [7, 5]))).toEqual([
      'before.weight',
      'body.weight_ih_l0',
      'body.weight_hh_l0',
      'body.weight_ih_l0_reverse',
      'body.weight_hh_l0_reverse',
      'after.weight',
    ]);
  });

  test("a Block's body takes the instance's place", () => {
    const blocks: Blocks = {
      Pair: { parameters: [{ name: 'out' }], body: sequential(linear(3), linear(3)) },
    };
    const network = sequential({ type: 'Block', block: 'Pair', name: 'encoder', arguments: { out: 3 } });
    expect(names(resolved(network, [5], blocks))).toEqual(['encoder.0.weight', 'encoder.1.weight']);
  });
});

describe('Blocks', () => {
  const widening: Blocks = {
    Inner: {
      parameters: [{ name: 'size' }],
      body: { type: 'Linear', options: { out_features: 'size' } },
    },
    Outer: {
      parameters: [{ name: 'size', default: 2 }, { name: 'times' }],
      body: {
        type: 'Repeat',
        count: 'times',
        body: { type: 'Block', block: 'Inner', arguments: { size: '4*size' } },
      },
    },
  };

  test('arguments, defaults and expressions go down through nested instances', () => {
    const network = resolved({ type: 'Block', block: 'Outer', arguments: { times: 2 } }, [7], widening);
    expect([...layersOf(network)].map((layer) => layer.output)).toEqual([[8], [8]]);
    expect(names(network)).toEqual(['0.weight', '0.bias', '1.weight', '1.bias']);
  });

  test('a place inside of one names the instance and the place in its definition', () => {
    const network = sequential({ type: 'Block', block: 'Outer', arguments: { times: 1, size: 0.1 } });
    const at = 'networks.main.children[0]/blocks.Outer.body.body/blocks.Inner.body.options.out_features';
    expect(refusal(network, [7], widening).at).toBe(at);
  });

  test('that contain themselves are refused', () => {
    const blocks: Blocks = {
      A: { parameters: [], body: { type: 'Block', block: 'B' } },
      B: { parameters: [], body: sequential({ type: 'Block', block: 'A' }) },
    };
    expect(refusal({ type: 'Block', block: 'A' }, [7], blocks).message).toContain('"A" contains itself');
  });
});

describe('joins of a Fork', () => {
  const image = [6, 8, 8];
  const convolution = (channels: number): NetworkNode => ({
    type: 'Conv2d',
    options: { out_channels: channels, kernel_size: 1 },
  });
  const identity: NetworkNode = { type: 'Identity' };
  const pooled: NetworkNode = { type: 'AdaptiveAvgPool2d', options: { output_size: 1 } };

  test.each([
    ['cat', undefined, [convolution(4), identity], [10, 8, 8]],
    ['cat', -1, [identity, identity], [6, 8, 16]],
    ['stack', undefined, [identity, identity, identity], [3, 6, 8, 8]],
    ['stack', -1, [identity, identity], [6, 8, 8, 2]],
    ['add', undefined, [identity, convolution(6)], [6, 8, 8]],
    ['multiply', undefined, [identity, pooled], [6, 8, 8]],
    ['matmul', undefined, [identity, identity], [6, 8, 8]],
  ] as const)('%s along %s', (kind, dim, branches, output) => {
    const join = dim === undefined ? { kind } : { kind, dim };
    expect(resolved({ type: 'Fork', join, branches }, image).output).toEqual(output);
  });

  test.each([
    ['cat', 0, [identity, identity], 'batch'],
    ['cat', 2, [identity, convolution(4)], 'differ in dimension 2'],
    ['add', 1, [identity, convolution(4)], 'do not match'],
    ['stack', 1, [identity, pooled], 'equal shapes'],
    ['matmul', 1, [identity, pooled], 'cannot multiply'],
  ] as const)('%s along %s is refused where shapes do not fit', (kind, dim, branches, reason) => {
    expect(refusal({ type: 'Fork', join: { kind, dim }, branches }, image).message).toContain(reason);
  });

  test('a matrix product counts its multiply-adds', () => {
    const network = resolved({ type: 'Fork', join: { kind: 'matmul' }, branches: [identity, identity] }, image);
    expect(summarise(network).totals.multiplyAdds).toBe(6 * 8 * 8 * 8);
  });
});

describe('refusals', () => {
  test('name the module, the option and what to do', () => {
    const network = sequential(
      { type: 'Conv2d', options: { out_channels: 64, kernel_size: 3 } },
      { type: 'Conv2d', options: { in_channels: 128, out_channels: 64, kernel_size: 3 } },
    );
    expect(refusal(network, [3, 32, 32])).toEqual({
      code: 'badNetwork',
      message: 'Conv2d at networks.main.children[1] expects 128 channels but receives 64.',
      at: 'networks.main.children[1].options.in_channels',
      advice: 'Leave in_channels out: it then follows from the input.',
    });
  });

  test('a Residual whose body changes the shape', () => {
    const failure = refusal({ type: 'Residual', body: linear(4) }, [5]);
    expect(failure.message).toContain('[4] of its body and [5] of the input');
  });

  test('a Recurrent around anything but a recurrent layer', () => {
    expect(refusal({ type: 'Recurrent', body: linear(4) }, [7, 5]).message).toBe(
      'Recurrent at networks.main needs an RNN, a GRU or an LSTM as its body.',
    );
  });

  test('a Transform that makes another shape in evaluation', () => {
    const transform: NetworkNode = { type: 'Transform', training: linear(4), evaluation: sequential() };
    expect(refusal(transform, [5]).message).toBe(
      'Transform at networks.main makes [4] in training and [5] in evaluation: both must make the same shape.',
    );
  });

  test.each<readonly [string, readonly NetworkNode[], RegExp]>([
    ['without blocks', [], /needs at least one block/],
    [
      'whose block gives one tensor',
      [linear(5)],
      /a backcast and a forecast from block 1 but receives 1 tensor: \[5\]/,
    ],
    [
      'whose block gives three',
      [forecasting(5, 2, 2)],
      /a backcast and a forecast from block 1 but receives 3 tensors: \[5\] and \[2\] and \[2\]/,
    ],
    [
      'whose backcast is of another shape',
      [forecasting(5, 2), forecasting(4, 2)],
      /backcast of block 2, \[4\], from the input, \[5\]/,
    ],
    [
      'whose forecasts differ in shape',
      [forecasting(5, 2), forecasting(5, 3)],
      /forecast of block 2, \[3\], to the forecasts before it, \[2\]/,
    ],
  ])('an NBeats %s', (_, children, message) => {
    const failure = refusal({ type: 'NBeats', children }, [5]);
    expect(failure.message).toMatch(message);
    expect(failure.at).toBe('networks.main');
  });

  test('a shared body that changes the shape', () => {
    const failure = refusal({ type: 'Repeat', count: 2, shared: true, body: linear(4) }, [5]);
    expect(failure.at).toBe('networks.main');
  });
});

test('a Recurrent hands on its sequence, its last step and its hidden state, of two layers and directions', () => {
  const body = { type: 'LSTM', options: { hidden_size: 6, proj_size: 3, num_layers: 2, bidirectional: true } };
  const output = (wanted: RecurrentOutput) => resolved({ type: 'Recurrent', handsOn: [wanted], body }, [7, 5]).outputs;
  expect(output('sequence')).toEqual([[7, 6]]);
  expect(output('last')).toEqual([[6]]);
  expect(output('hidden')).toEqual([[4, 3]]);
  const join: NetworkNode = { type: 'Join', join: { kind: 'tuple' }, branches: [sequential(), linear(2)] };
  const both: NetworkNode = { type: 'Recurrent', handsOn: ['hidden', 'last'], body, after: join };
  const flattened = { type: 'Join', join: { kind: 'cat' }, branches: [{ type: 'Flatten' }, sequential()] } as const;
  expect(resolved(sequential(both, flattened), [7, 5]).output).toEqual([14]);
});

test('a Transform makes what both of its sequences make, under names of their own', () => {
  const network = resolved({ type: 'Transform', training: linear(4), evaluation: linear(4) }, [5]);
  expect(network.output).toEqual([4]);
  expect([...layersOf(network)].map(({ key }) => key)).toEqual(['for_training', 'for_evaluation']);
  // One of them is computed: what the other costs is not counted.
  expect(summarise(network).totals).toMatchObject({ parameters: 40, multiplyAdds: 20 });
});

test('an NBeats gives the sum of the forecasts; every block gets something like the input', () => {
  const network = resolved(
    { type: 'NBeats', children: [forecasting(5, 2), { ...forecasting(5, 2), name: 'last' }] },
    [5],
  );
  expect(network.outputs).toEqual([[2]]);
  expect([...layersOf(network)].map(({ key, input }) => [key, input])).toEqual([
    ['0.branches.0', [5]],
    ['0.branches.1', [5]],
    ['last.branches.0', [5]],
    ['last.branches.1', [5]],
  ]);
});

test("a shared Repeat's parameters count once, its work every time", () => {
  const body: NetworkNode = { type: 'Linear', options: { out_features: 10 } };
  const shared = summarise(resolved({ type: 'Repeat', count: 3, shared: true, body }, [10])).totals;
  const copies = summarise(resolved({ type: 'Repeat', count: 3, body }, [10])).totals;
  expect(shared.parameters).toBe(110);
  expect(copies.parameters).toBe(330);
  expect(shared.multiplyAdds).toBe(copies.multiplyAdds);
  expect(shared.activationBytes).toBe(copies.activationBytes);
});

test('the nearest setting of frozen and the nearest initialiser hold', () => {
  const ofWeights = (method: 'zeros' | 'ones') => ({ parameters: 'weight' as const, method });
  const network = resolved(
    {
      type: 'Sequential',
      frozen: true,
      initialise: [ofWeights('zeros'), { parameters: 'norm', method: 'zeros' }],
      children: [
        { type: 'Linear', options: { out_features: 3 } },
        { type: 'Linear', options: { out_features: 3 }, frozen: false, initialise: [ofWeights('ones')] },
        { type: 'BatchNorm1d' },
      ],
    },
    [3],
  );
  const layers = [...layersOf(network)];
  expect(layers.map((layer) => layer.frozen)).toEqual([true, false, true]);
  expect(layers.map((layer) => layer.initialise.map((rule) => [rule.parameters, rule.method]))).toEqual([
    [['weight', 'zeros']],
    [['weight', 'ones']],
    [['norm', 'zeros']],
  ]);
  expect(summarise(network).totals).toMatchObject({ parameters: 30, trainable: 12 });
});
