import { expect, test } from 'vitest';
import { differenceOf, isMismatch } from '../../../../../core/export/difference.ts';
import { makeModel } from '../../../../../core/export/onnx/make-model.ts';
import type { OnnxNode } from '../../../../../core/export/onnx/model.ts';
import { FailureError } from '../../../../../core/failure.ts';
import type { NetworkName } from '../../../../../core/network/tree.ts';
import { knownData } from '../../../../../core/project/known-data.ts';
import { resolveProject } from '../../../../../core/project/project-facts.ts';
import type { ResolvedNode } from '../../../../../core/network/resolved.ts';
import { openProject } from '../../../../../main/projects/open-project.ts';
import { layerCases, samplesOf, weightsOf } from '../../../../exports/layer-cases.ts';
import { resolved as resolvedNetwork } from './baseline-networks.ts';
import { runModel } from './run-model.ts';

function modelOf(resolved: ResolvedNode, opset?: number) {
  return makeModel({
    resolved,
    tensors: weightsOf(resolved),
    inputs: resolved.inputs.map((_, index) => `input${index}`),
    preprocessing: null,
    documentation: '',
    metadata: {},
    ...(opset === undefined ? {} : { opset }),
  }).model;
}

/** Their windows are laid at random. */
const cases = layerCases().filter(({ name }) => !name.startsWith('FractionalMaxPool'));

/** By ONNX's changelog of operators; all others exist in set 13 as they are written. */
const newer: Readonly<Record<string, number>> = { Hardswish: 14, LayerNorm: 17, Fold: 18 };

test('a network is written for the lowest set of operators that it needs, as ONNX has numbered them', () => {
  for (const { name, resolved, main } of cases) {
    const model = modelOf(resolved);
    const needed = newer[name.split(' ')[0]!];
    if (needed !== undefined) expect(model.opset, name).toBe(needed);
    else if (/circular/.test(JSON.stringify(main))) expect(model.opset, name).toBe(19);
    else if (!/norm|Transformer|Attention/i.test(name)) expect(model.opset, name).toBe(13);
    expect(model.irVersion, name).toBeLessThanOrEqual(model.opset < 15 ? 7 : model.opset < 19 ? 8 : 9);
  }
});

test.each(cases)('$name computes in ONNX Runtime 1.17 what it does in today’s', async (layer) => {
  const model = modelOf(layer.resolved);
  const inputs = { input0: samplesOf(layer) };
  const [today, then] = [await runModel(model, inputs), await runModel(model, inputs, 'old')];
  expect(isMismatch(differenceOf([today.get('output')!], [then.get('output')!]))).toBe(false);
});

test.each(['GELU 1', 'GELU 2', 'Mish 1', 'Upsample 1', 'RMSNorm 1', 'GLU 1', 'LSTM 3'])(
  '%s computes the same in the newest set of operators, where it is written otherwise',
  async (name) => {
    const layer = cases.find((one) => one.name === name)!;
    const inputs = { input0: samplesOf(layer) };
    const [lowest, newest] = [modelOf(layer.resolved), modelOf(layer.resolved, 26)];
    expect([lowest.opset, newest.opset]).toEqual([13, 26]);
    const outputs = [(await runModel(lowest, inputs)).get('output')!, (await runModel(newest, inputs)).get('output')!];
    expect(isMismatch(differenceOf([outputs[0]!], [outputs[1]!]))).toBe(false);
  },
);

test('a set that is too old for a module is refused by its name, with the lowest that works', () => {
  const network = resolvedNetwork(
    { type: 'Sequential', children: [{ type: 'ReLU' }, { type: 'LayerNorm', options: { normalized_shape: 4 } }] },
    [4],
  );
  try {
    modelOf(network, 13);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    expect(error.failure.code).toBe('badUsage');
    expect(error.failure.message).toMatch(/1\/LayerNormalization/);
    expect(error.failure.advice).toMatch(/17/);
  }
});

// All others are compared with PyTorch by recipes.test.ts.
test.each(['mnist-gan', 'mnist-cgan', 'spirals'])('%s: each network runs in ONNX Runtime 1.17', async (name) => {
  const project = await openProject(name);
  for (const network of Object.keys(project.networks) as NetworkName[]) {
    const resolution = resolveProject(project, knownData.get(project.data.source)!.inputShape, network);
    if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
    const resolved = resolution.network;
    const model = modelOf(resolved);
    expect(model.opset).toBe(13);
    const inputs = Object.fromEntries(
      resolved.inputs.map((shape, index) => {
        const size = 2 * shape.reduce((product, count) => product * count, 1);
        const data = Float32Array.from({ length: size }, (_, at) => (shape.length === 0 ? at % 10 : Math.sin(at)));
        return [`input${index}`, { shape: [2, ...shape], data }];
      }),
    );
    const [today, then] = [await runModel(model, inputs), await runModel(model, inputs, 'old')];
    expect(isMismatch(differenceOf([today.get('output')!], [then.get('output')!]))).toBe(false);
  }
});

test('weights of recurrent layers are written as ONNX takes them: nothing computes them', () => {
  const made: ReadonlySet<string> = new Set(['Slice', 'Concat', 'Unsqueeze']);
  for (const { name, resolved } of cases.filter((one) => /^(RNN|GRU|LSTM) /.test(one.name))) {
    if (/proj_size":[1-9]/.test(JSON.stringify(resolved))) continue;
    const { nodes, initialisers } = modelOf(resolved).graph;
    const constants = new Set(initialisers.map((tensor) => tensor.name));
    const isConstant = ({ inputs }: OnnxNode) => inputs.every((input) => constants.has(input));
    expect(
      nodes.filter((node) => made.has(node.operator) && isConstant(node)),
      name,
    ).toEqual([]);
    const recurrent = nodes.filter(({ operator }) => /^(RNN|GRU|LSTM)$/.test(operator));
    expect(recurrent.length, name).toBeGreaterThan(0);
    for (const { inputs } of recurrent)
      for (const input of inputs.slice(1)) expect(['', ...constants]).toContain(input);
  }
});
