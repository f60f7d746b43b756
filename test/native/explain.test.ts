import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { Normalise } from '../../core/project/project.ts';
import type { Plan } from '../../core/training/plan.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { openProject } from '../../main/projects/open-project.ts';
import { expectClose, planFor, temporaryFolder } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { baselinesFolder, inputShapes, writeExcerpt } from './excerpts.ts';
import type { Source } from './excerpts.ts';
import { writeSafetensors } from './safetensors.ts';
import type { Tensor } from './safetensors.ts';
import { filled } from './weights.ts';
import type { Fill } from './weights.ts';

/** As test/baselines/explain.py writes it. */
interface Explained {
  readonly recipe: string;
  readonly source: Source;
  readonly target: number;
  readonly fills: readonly Fill[];
  readonly outputs: readonly number[];
  readonly saliency: Elements;
  readonly cams: readonly (Elements & { readonly shape: readonly number[] })[];
}

interface Elements {
  readonly norm: number;
  readonly every: number;
  readonly elements: readonly number[];
}

const folder = temporaryFolder();
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'explain.json'), 'utf8')) as {
  readonly cases: readonly Explained[];
};

test.each(cases)('$recipe looks at the same as in Python PyTorch', async (expected) => {
  const { plan, sample } = await given(expected);
  const weights = await weightsOf(plan, expected.fills);
  const addon = loadAddon();
  const shape = [1, ...inputShapes[expected.source]];
  const found = await addon.explainNetwork(JSON.stringify(plan.network), weights, [{ shape, data: sample }]);

  expect(found.target).toBe(expected.target);
  expectClose('outputs', found.outputs[0]!.data, expected.outputs, 1e-5);
  expectElements('saliency', found.saliency, expected.saliency);
  const convolutions = found.maps.filter((_, index) => found.modules[index]?.type === 'Conv2d');
  expect(convolutions.map((map) => map?.shape)).toEqual(expected.cams.map((cam) => cam.shape));
  for (const [index, cam] of expected.cams.entries()) {
    expectElements(`map of convolution ${index + 1}`, convolutions[index]!.data, cam);
  }

  const plain = await addon.runNetwork(JSON.stringify(plan.network), weights, [{ shape, data: sample }], true);
  expect(found.modules.map(({ path }) => path)).toEqual(plain.modules.map(({ path }) => path));
  for (const [index, { outputs }] of plain.modules.entries()) {
    expectClose('activations', found.modules[index]!.outputs[0]!.data, outputs[0]!.data, 1e-6);
  }
});

test('another class is asked for by its number, and one that is not there refused', async () => {
  const { plan, sample } = await given(cases[0]!);
  const weights = await weightsOf(plan, cases[0]!.fills);
  const inputs = [{ shape: [1, ...inputShapes[cases[0]!.source]], data: sample }];
  const ask = (target: number) => loadAddon().explainNetwork(JSON.stringify(plan.network), weights, inputs, target);
  const [found, other] = [await ask(cases[0]!.target), await ask((cases[0]!.target + 1) % 10)];
  expect(other.target).not.toBe(found.target);
  expect(other.saliency).not.toEqual(found.saliency);
  await expect(ask(10)).rejects.toThrow(/score for each class/);
});

async function given({ recipe, source }: Explained): Promise<{ readonly plan: Plan; readonly sample: Float32Array }> {
  const project = await openProject(recipe);
  const conditions = { source, batchSize: 1, rates: [0], accumulate: 1 } as unknown as Baseline;
  const plan = await planFor(project, conditions, folder());
  const files = await writeExcerpt(source, 1, folder());
  const bytes = await readFile(
    files.format === 'idx' ? files.images : (files as { files: readonly string[] }).files[0]!,
  );
  const pixels = bytes.subarray(source === 'mnist' ? 16 : 1);
  return { plan, sample: normalised(pixels, project.data.normalise) };
}

/** Raw pixels, channel by channel of 1,024 in colour. */
function normalised(pixels: Uint8Array, normalise: Normalise): Float32Array {
  return Float32Array.from(pixels, (pixel, index) => {
    if (normalise.kind === 'none') return pixel;
    if (normalise.kind === 'affine') return pixel * normalise.scale + normalise.offset;
    const channel = Math.floor(index / 1024);
    return (pixel / 255 - normalise.mean![channel]!) / normalise.std![channel]!;
  });
}

async function weightsOf(plan: Plan, fills: readonly Fill[]): Promise<string> {
  const session = await loadAddon().createSession(JSON.stringify(plan));
  const { parameters, buffers } = session.describe();
  await session.close();
  const tensors = new Map<string, Tensor>();
  for (const [ordinal, { name, shape }] of parameters.entries()) {
    tensors.set(name, { shape, data: filled(ordinal, elementCount(shape), fills[ordinal]!) });
  }
  for (const { name, shape } of buffers) {
    const data = name.endsWith('num_batches_tracked')
      ? new BigInt64Array(1)
      : new Float32Array(elementCount(shape)).fill(name.endsWith('running_var') ? 1 : 0);
    tensors.set(name, { shape, data });
  }
  const file = path.join(folder(), 'weights.safetensors');
  await writeSafetensors(file, tensors);
  return file;
}

function expectElements(what: string, data: Float32Array, expected: Elements): void {
  expectClose(`norm of ${what}`, [Math.hypot(...data)], [expected.norm], 1e-4);
  expectClose(
    what,
    data.filter((_, index) => index % expected.every === 0),
    expected.elements,
    1e-4,
  );
}
