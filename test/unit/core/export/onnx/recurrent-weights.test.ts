import { expect, test } from 'vitest';
import { importModel } from '../../../../../core/export/onnx/import-model.ts';
import { leftInFloat, leftInFloatText } from '../../../../../core/export/onnx/left-in-float.ts';
import { makeModel } from '../../../../../core/export/onnx/make-model.ts';
import { quantised } from '../../../../../core/export/onnx/quantise.ts';
import type { NetworkNode } from '../../../../../core/network/tree.ts';
import { emptyProject } from '../../../../../core/project/empty-project.ts';
import { resolveProject } from '../../../../../core/project/project-facts.ts';
import { serialiseProject } from '../../../../../core/project/serialise.ts';
import { weightsOf } from '../../../../exports/layer-cases.ts';
import { bytesOf } from './small-model.ts';

function modelOf(layer: NetworkNode) {
  const children: NetworkNode[] = [
    { type: 'Squeeze', options: { dim: 1 } },
    layer,
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 10 } },
  ];
  const project = { ...emptyProject, networks: { main: { type: 'Sequential' as const, children } } };
  const resolution = resolveProject(project, [1, 28, 28]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  const tensors = weightsOf(resolution.network);
  const metadata = {
    'torchwright.project': serialiseProject(project),
    'torchwright.network': 'main',
    'torchwright.sample': '[1,28,28]',
  };
  const network = { resolved: resolution.network, inputs: ['input'], preprocessing: null, documentation: '' };
  return { tensors, model: makeModel({ ...network, tensors, metadata }).model };
}

test.each<[string, Readonly<Record<string, number | boolean | string>>]>([
  ['LSTM', { hidden_size: 5, num_layers: 2, bidirectional: true }],
  ['GRU', { hidden_size: 4, bidirectional: true, bias: false }],
  ['RNN', { hidden_size: 3, num_layers: 3, nonlinearity: 'relu' }],
  ['LSTM', { hidden_size: 6, proj_size: 2 }],
])('%s %o: its weights come back from the file as PyTorch has them', (type, options) => {
  const { tensors, model } = modelOf({ type, options });
  const imported = importModel(bytesOf(model));
  expect(imported.tensors.map(({ name, shape, data }) => ({ name, shape, data: [...data] }))).toEqual(
    tensors.map(({ name, shape, data }) => ({ name, shape, data: [...data] })),
  );
});

test('what int8 cannot shrink is listed with its bytes', () => {
  const { model } = modelOf({ type: 'LSTM', options: { hidden_size: 64 } });
  const left = leftInFloat(quantised(model));
  // W: 256 × 28, R: 256 × 64, B: 512 floats.
  expect(left).toEqual([{ module: '1', operator: 'LSTM', bytes: 4 * (256 * 28 + 256 * 64 + 512) }]);
  expect(leftInFloatText(left)).toContain('LSTM (1)');
  const { model: dense } = modelOf({ type: 'Linear', options: { out_features: 64 } });
  expect(leftInFloat(quantised(dense))).toEqual([]);
  expect(leftInFloatText([])).toBeNull();
});
