import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FailureError } from '../../../../core/failure.ts';
import { readStateDict } from '../../../../core/weights/read-state-dict.ts';
import { readWeights } from '../../../../core/weights/read-weights.ts';
import { readSafetensors, writeSafetensors } from '../../../../core/weights/safetensors.ts';
import { floatsOf } from '../../../../core/weights/stored-tensor.ts';
import { writeStateDict } from '../../../../core/weights/write-state-dict.ts';
import { writeZip } from '../../../../core/weights/write-zip.ts';
import { baselinesFolder } from '../../../native/excerpts.ts';
import { fuzz, joinedParts, sampleTensors } from './hostile.ts';

const tensors = sampleTensors();
const safetensors = joinedParts(writeSafetensors(tensors, { format: 'pt', project: 'näme' }));
const stateDict = joinedParts(writeStateDict(tensors));

function plain(read: readonly { readonly name: string; readonly data: Uint8Array }[]): unknown {
  return read.map((tensor) => ({ ...tensor, data: [...tensor.data] }));
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof FailureError) return error.failure.message;
    throw error;
  }
  throw new Error('it was read');
}

test('what is written as safetensors is read again, with its metadata', () => {
  const { tensors: read, metadata } = readSafetensors(safetensors);
  expect(plain(read)).toEqual(plain(tensors));
  expect(metadata).toEqual({ format: 'pt', project: 'näme' });
});

test('what is written as a state dict is read again', () => {
  expect(plain(readStateDict(stateDict))).toEqual(plain(tensors));
});

test.each([
  ['a state dict whose convolution lies channels last', 'channels-last.pt'],
  ['a checkpoint with an optimizer beside the state dict', 'checkpoint.pt'],
  ['a safetensors file', 'weights.safetensors'],
])('%s of Python PyTorch is read', async (_what, name) => {
  const folder = path.join(baselinesFolder, 'weights');
  const expected = JSON.parse(await readFile(path.join(folder, 'weights.json'), 'utf8')) as Record<
    string,
    { readonly shape: number[]; readonly values: number[] }
  >;
  const read = readWeights(await readFile(path.join(folder, name)));
  expect(read.map((tensor) => tensor.name).sort()).toEqual(Object.keys(expected).sort());
  for (const tensor of read) {
    expect(tensor.shape).toEqual(expected[tensor.name]!.shape);
    if (tensor.type === 'F32') expect([...floatsOf(tensor)]).toEqual(expected[tensor.name]!.values);
  }
});

test('a pickle that asks for anything else is refused by its name, and nothing of it runs', () => {
  const asking = (pickle: string): Uint8Array =>
    joinedParts(writeZip([{ name: 'model/data.pkl', data: new TextEncoder().encode(pickle) }]));
  expect(refusal(() => readStateDict(asking('cos\nsystem\n(X\x04\x00\x00\x00exittR.')))).toContain('os.system');
  expect(refusal(() => readStateDict(asking('cbuiltins\neval\n.')))).toContain('builtins.eval');
  expect(refusal(() => readStateDict(asking('(i__main__\nThing\n.')))).toContain('pickle operation 0x69');
  expect(refusal(() => readStateDict(asking('}.')))).toContain('no tensor in it');
});

test('a bare pickle, a TorchScript program and other files are refused in words', () => {
  expect(refusal(() => readWeights(Uint8Array.of(0x80, 2, 0x7d, 0x2e)))).toContain('bare pickle');
  const program = writeZip([
    { name: 'm/constants.pkl', data: new Uint8Array() },
    { name: 'm/data.pkl', data: new Uint8Array() },
  ]);
  expect(refusal(() => readWeights(joinedParts(program)))).toContain('TorchScript program');
  expect(refusal(() => readWeights(new Uint8Array()))).toContain('shorter than a header');
});

test('tensors that claim more than there is, or lie over one another, are refused', () => {
  const header = (entry: string): Uint8Array => {
    const text = new TextEncoder().encode(entry);
    return Uint8Array.from([...new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer), ...text, 0, 0, 0, 0]);
  };
  const one = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  expect(readSafetensors(header(`{"a":${one}}`)).tensors).toHaveLength(1);
  expect(refusal(() => readSafetensors(header(`{"a":${one},"b":${one}}`)))).toContain('one over the other');
  const far = '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';
  expect(refusal(() => readSafetensors(header(`{"a":${far}}`)))).toContain('outside the file');
  const large = '{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}';
  expect(refusal(() => readSafetensors(header(`{"a":${large}}`)))).toContain('does not fit its shape');
});

test.each([
  ['safetensors', safetensors, (bytes: Uint8Array) => readSafetensors(bytes).tensors],
  ['state dicts', stateDict, readStateDict],
] as const)('damaged %s are refused or read, and nothing else happens', (_what, file, read) => {
  const { refused } = fuzz(file, read, { seed: 1, count: 3000 });
  expect(refused).toBeGreaterThan(500);
});
