import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inHalfPrecision } from '../../../../../core/export/onnx/half.ts';
import { makeModel } from '../../../../../core/export/onnx/make-model.ts';
import type { OnnxModel } from '../../../../../core/export/onnx/model.ts';
import { quantised } from '../../../../../core/export/onnx/quantise.ts';
import { parseProject } from '../../../../../core/project/parse.ts';
import { resolveProject } from '../../../../../core/project/project-facts.ts';
import type { Project } from '../../../../../core/project/project.ts';
import { planNormalise } from '../../../../../core/training/plan-normalise.ts';
import { recipesFolder } from '../../../../../main/paths.ts';
import type { Baseline } from '../../../../native/baseline.ts';
import { expectClose } from '../../../../native/baseline.ts';
import { baselinesFolder, inputShapes } from '../../../../native/excerpts.ts';
import { firstSamples, logSoftmax, tensorsOf } from './baseline-networks.ts';
import { runModel } from './run-model.ts';

const baselines = path.join(baselinesFolder, 'recipes');
const names = (await readdir(baselines)).map((file) => path.basename(file, '.json'));

async function readRecipe(name: string): Promise<Project> {
  const parsed = parseProject(await readFile(path.join(recipesFolder, `${name}.json`), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.failures.map(({ message }) => message).join('\n'));
  return parsed.project;
}

/** The recipe's network with the baseline's weights; it takes bytes of pixels. */
async function modelOf(name: string) {
  const project = await readRecipe(name);
  const baseline = JSON.parse(await readFile(path.join(baselines, `${name}.json`), 'utf8')) as Baseline;
  const shape = inputShapes[baseline.source];
  const resolution = resolveProject(project, shape);
  if (!resolution.ok) throw new Error(resolution.failures.map(({ message }) => message).join('\n'));
  const statistics = JSON.parse(await readFile(path.join(baselinesFolder, 'cifar10-statistics.json'), 'utf8')) as {
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
  const normalise = planNormalise(project.data.normalise, shape[0]!, { kind: 'bytes', statistics });
  if (normalise.kind !== 'affine') throw new Error('the normalisation is left open');
  const { model } = makeModel({
    resolved: resolution.network,
    tensors: tensorsOf(resolution.network, baseline),
    inputs: ['image'],
    preprocessing: { shape, isBytes: true, scale: normalise.scale, offset: normalise.offset },
    documentation: '',
    metadata: {},
  });
  return {
    project,
    baseline,
    model,
    run: (changed: OnnxModel, runtime?: 'old') => outputsOf(changed, baseline, runtime),
  };
}

/** Of the samples that the baseline shows. */
async function outputsOf(model: OnnxModel, { source, forward }: Baseline, runtime?: 'old') {
  const count = forward.outputs.length;
  const image = { shape: [count, ...inputShapes[source]], data: await firstSamples(source, count) };
  return (await runModel(model, { image }, runtime)).get('output')!;
}

test.each(names)('%s: ONNX Runtime, new and old, makes of bytes what Python PyTorch does', async (name) => {
  const { project, baseline, model, run } = await modelOf(name);
  expect(model).toMatchObject({ opset: 13, irVersion: 7 });
  for (const output of [await run(model), await run(model, 'old')]) {
    const isScores = project.recipe.loss.type === 'CrossEntropy' || project.recipe.loss.type === 'NLL';
    const outputs = isScores ? logSoftmax(output) : output.data;
    expectClose('outputs', outputs, baseline.forward.outputs.flat(), 1e-5);
  }
});

test.each(['mnist-conv', 'mnist-lstm', 'lesson-resnet'])(
  '%s in float16 and with weights of a byte: near, and smaller',
  async (name) => {
    const { model, run } = await modelOf(name);
    const [whole, half, bytes] = [await run(model), await run(inHalfPrecision(model)), await run(quantised(model))];
    const size = ({ graph }: OnnxModel) => graph.initialisers.reduce((sum, { data }) => sum + data.length, 0);
    expect(size(inHalfPrecision(model)) / size(model)).toBeLessThan(0.51);
    expectClose('float16', half.data, [...whole.data], 0.02);
    expectClose('int8', bytes.data, [...whole.data], 0.1);
    // They are no copies of the float32 network.
    expect([...half.data]).not.toEqual([...whole.data]);
    expect([...bytes.data]).not.toEqual([...whole.data]);
  },
);
