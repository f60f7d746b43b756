import { expect, test } from 'vitest';
import fc from 'fast-check';
import { FailureError } from '../../../../../core/failure.ts';
import { inHalfPrecision, halfBits, halfValue } from '../../../../../core/export/onnx/half.ts';
import { importModel } from '../../../../../core/export/onnx/import-model.ts';
import type { OnnxModel } from '../../../../../core/export/onnx/model.ts';
import { quantised } from '../../../../../core/export/onnx/quantise.ts';
import { writeModel } from '../../../../../core/export/onnx/write-model.ts';
import { bytesOf, modelOf, project } from './small-model.ts';

test('what was exported comes back: the project, and every weight as it was', () => {
  const { tensors, model } = modelOf();
  const imported = importModel(bytesOf(model));
  expect(imported.project).toEqual(project);
  expect(imported.network).toBe('main');
  const found = new Map(imported.tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape, data } of tensors) {
    expect(found.get(name)).toMatchObject({ shape, type: 'F32' });
    expect([...found.get(name)!.data], name).toEqual([...data]);
  }
  expect(found.get('1.num_batches_tracked')?.type).toBe('I64');
});

test('weights of float16 come back as far as they were kept', () => {
  const { tensors, model } = modelOf();
  const { tensors: half } = importModel(bytesOf(inHalfPrecision(model)));
  const floats = (data: Uint8Array) => new Float32Array(Uint8Array.from(data).buffer);
  for (const { name, data } of half.filter(({ type }) => type === 'F32')) {
    const whole = floats(tensors.find((tensor) => tensor.name === name)!.data);
    for (const [index, value] of floats(data).entries()) expect(Math.abs(value - whole[index]!)).toBeLessThan(5e-4);
  }
});

test('files that are not ours are told apart, in a sentence', () => {
  const { model } = modelOf();
  const failing = (changed: OnnxModel) => {
    try {
      importModel(bytesOf(changed));
    } catch (error) {
      if (error instanceof FailureError) return error.failure.message;
    }
    throw new Error('it was imported');
  };
  const foreign = { ...model, producer: { name: 'pytorch', version: '2.13' }, metadata: {} };
  expect(failing(foreign)).toBe(
    'This ONNX file was made by pytorch; only files exported by Torchwright can be opened as networks.',
  );
  expect(failing(quantised(model))).toMatch(/rounded to int8/);
  expect(failing(modelOf({ 'torchwright.project': '{}' }).model)).toMatch(/^The project in this ONNX file is damaged/);
  expect(failing(modelOf({ 'torchwright.network': 'other' }).model)).toMatch(/no network called "other"/);
  expect(failing(modelOf({ 'torchwright.sample': '[0]' }).model)).toMatch(/input shape/);
  expect(failing(modelOf({ 'torchwright.sample': '[1,14,14]' }).model)).toMatch(/has the shape \[10, 162\]/);
  const initialisers = model.graph.initialisers.slice(1);
  expect(failing({ ...model, graph: { ...model.graph, initialisers } })).toMatch(/has no weights called/);
  const outside = new Uint8Array(Buffer.concat(writeModel(model, 'weights', 100).model));
  expect(() => importModel(outside)).toThrow(/separate file/);
});

test('weights beyond the limit of a message lie beside the model, each where the model says', () => {
  const { model } = modelOf();
  const { weights } = writeModel(model, 'model.onnx.data', 100);
  const beside = Buffer.concat(weights!);
  const largest = model.graph.initialisers.find(({ name }) => name === '3.weight')!;
  expect(beside.subarray(0, largest.data.length).equals(Buffer.from(largest.data))).toBe(true);
});

test(
  'truncated, changed and random files: a failure, never anything else, and never for long',
  { timeout: 120_000 },
  () => {
    const whole = bytesOf(modelOf().model);
    let refused = 0;
    const attempt = (bytes: Uint8Array): void => {
      try {
        importModel(bytes);
      } catch (error) {
        if (!(error instanceof FailureError)) throw error;
        refused += 1;
      }
    };
    const at = fc.nat(whole.length - 1);
    const change = fc.tuple(at, fc.nat(255));
    // Not the weights alone: half of the changes are in the first kilobyte, where nodes and names are.
    const near = fc.tuple(fc.nat(1023), fc.nat(255));
    const changed = fc.array(fc.oneof(change, near), { minLength: 1, maxLength: 8 }).map((changes) => {
      const bytes = whole.slice();
      for (const [index, value] of changes) bytes[index] = value;
      return bytes;
    });
    const cut = at.map((length) => whole.slice(0, length));
    const random = fc.uint8Array({ maxLength: 200 });
    fc.assert(fc.property(fc.oneof(changed, cut, random), attempt), { numRuns: 5000 });
    expect(refused).toBeGreaterThan(1000);
  },
);

test('float16: every value goes there and back, and what lies between goes to the nearer', () => {
  for (let bits = 0; bits < 0x7c00; bits++) {
    const value = halfValue(bits);
    expect(halfBits(value)).toBe(bits);
    const middle = (value + halfValue(bits + 1)) / 2;
    if (bits + 1 < 0x7c00) expect(halfBits(middle)).toBe(bits % 2 === 0 ? bits : bits + 1);
  }
  expect(halfBits(65520)).toBe(0x7c00);
  expect(halfBits(-Infinity)).toBe(0xfc00);
  expect(halfValue(halfBits(NaN))).toBeNaN();
});
