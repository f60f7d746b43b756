import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Loss } from '../../core/project/project.ts';
import { planLoss } from '../../core/training/plan-loss.ts';
import type { LossTensor } from '../../main/engine/addon.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';

interface WrittenTensor {
  readonly shape: readonly number[];
  readonly isWhole: boolean;
  readonly data: readonly number[];
}

interface LossCase {
  readonly loss: { readonly type: string; readonly reduction?: string };
  readonly inputs: readonly WrittenTensor[];
  readonly targets: readonly WrittenTensor[];
  readonly shape: readonly number[];
  readonly value: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

const addon = loadAddon();
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'losses.json'), 'utf8')) as {
  readonly cases: readonly LossCase[];
};

describe('every loss and its gradients are those of Python PyTorch', () => {
  test.each(cases.map((each) => [JSON.stringify(each.loss), each] as const))('%s', (_, expected) => {
    const text = JSON.stringify(planLoss(expected.loss as Loss));
    const { shape, loss, gradients } = addon.computeLoss(text, expected.inputs.map(read), expected.targets.map(read));
    expect(shape).toEqual(expected.shape);
    expect(loss).toHaveLength(expected.value.length);
    expectClose('loss', loss, expected.value, 1e-5);
    expect(gradients).toHaveLength(expected.gradients.length);
    for (const [index, gradient] of expected.gradients.entries()) {
      expectClose(`gradient of input ${index}`, gradients[index]!, gradient, 1e-5);
    }
  });
});

test.each([
  [planLoss({ type: 'MSE' }), 2, /MSE takes 1 inputs and 1 targets, not 2 and 1/],
  [planLoss({ type: 'TripletMargin' }), 1, /TripletMargin takes 3 inputs and 0 targets/],
  [{ type: 'Focal', reduction: 'mean' }, 1, /no loss called 'Focal'/],
  [{ type: 'MSE', reduction: 'median' }, 1, /no reduction called 'median'/],
  [{ type: 'Huber', delta: 'much', reduction: 'mean' }, 1, /type must be number/],
])('%j of %i inputs is refused', (loss, count, message) => {
  const tensor = { shape: [2], data: new Float32Array([1, 2]) };
  const inputs = new Array<LossTensor>(count).fill(tensor);
  expect(() => addon.computeLoss(JSON.stringify(loss), inputs, [tensor])).toThrow(message);
});

test('a tensor with other elements than its shape says is refused', () => {
  const tensor = { shape: [3], data: new Float32Array(2) };
  expect(() => addon.computeLoss('{"type":"MSE","reduction":"mean"}', [tensor], [tensor])).toThrow(
    /elements of its shape/,
  );
});

function read({ shape, isWhole, data }: WrittenTensor): LossTensor {
  return { shape, data: isWhole ? Int32Array.from(data) : Float32Array.from(data) };
}
