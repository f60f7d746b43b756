import { elementCount } from '../../../../../core/catalogue/shape.ts';
import { expect, test } from 'vitest';
import { firstPartingOf } from '../../../../../core/export/first-parting.ts';
import { makeModel } from '../../../../../core/export/onnx/make-model.ts';
import { moduleOutputs, withModuleOutputs } from '../../../../../core/export/onnx/module-outputs.ts';
import { layersOf } from '../../../../../core/network/resolved.ts';
import type { NetworkNode } from '../../../../../core/network/tree.ts';
import type { StoredTensor } from '../../../../../core/weights/stored-tensor.ts';
import { filled } from '../../../../native/weights.ts';
import { resolved, stored } from './baseline-networks.ts';
import { runModel } from './run-model.ts';

const linear = { type: 'Linear', options: { out_features: 4 } };
const network: NetworkNode = {
  type: 'Sequential',
  children: [
    { type: 'Identity' },
    linear,
    { type: 'Residual', body: { type: 'Sequential', children: [linear, { type: 'Tanh' }] }, after: { type: 'ReLU' } },
    { type: 'Repeat', count: 2, shared: true, body: linear },
    { type: 'Fork', branches: [linear, { type: 'Identity' }], join: { kind: 'cat', dim: 1 } },
  ],
};
const whole = resolved(network, [4]);
const parameters = [...layersOf(whole)].flatMap((layer) => layer.parameters);
const weights = parameters.map(({ name, shape }, ordinal) =>
  stored(name, shape, filled(ordinal, elementCount(shape), [0, 1, false])),
);

async function modulesOf(tensors: readonly StoredTensor[]) {
  const input = { resolved: whole, tensors, inputs: ['x'], preprocessing: null, documentation: '', metadata: {} };
  const { model, modules } = makeModel(input);
  const x = { shape: [1, 4], data: Float32Array.of(1, -2, 0.5, 3) };
  return moduleOutputs(modules, await runModel(withModuleOutputs(model, modules), { x }));
}

test.each([
  ['1.weight', '1'],
  ['2.body.0.bias', '2.body.0'],
  ['3.body.weight', '3.body'],
  ['4.branches.0.bias', '4.branches.0'],
])('where %s is another one, the outputs part at that module and not before', async (changed, key) => {
  const right = await modulesOf(weights);
  const traced = right.map((made) => ({ ...made, path: made.key, type: 'module' }));
  expect(firstPartingOf(traced, right)).toBeNull();
  const others = weights.map((tensor) => {
    if (tensor.name !== changed) return tensor;
    const data = new Float32Array(Uint8Array.from(tensor.data).buffer);
    return stored(tensor.name, tensor.shape, data.with(0, data[0]! + 0.01));
  });
  expect(firstPartingOf(traced, await modulesOf(others))?.path).toBe(key);
});

test('every layer and join is told of, in the order of computing; the shared body as often as it computes', async () => {
  const keys = (await modulesOf(weights)).map((made) => made.key);
  // The first Identity passes the network's own input on.
  expect(keys).toEqual([
    '1',
    '2.body.0',
    '2.body.1',
    '2',
    '2.after',
    '3.body',
    '3.body',
    '4.branches.0',
    '4.branches.1',
    '4',
  ]);
});
