import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FailureError } from '../../../../core/failure.ts';
import { bytesSource } from '../../../../core/weights/byte-source.ts';
import { readStateDict } from '../../../../core/weights/read-state-dict.ts';
import { readWeights } from '../../../../core/weights/read-weights.ts';
import { readSafetensors, writeSafetensors } from '../../../../core/weights/safetensors.ts';
import { floatsOf } from '../../../../core/weights/stored-tensor.ts';
import { writeStateDict } from '../../../../core/weights/write-state-dict.ts';
import { writeZip } from '../../../../core/weights/write-zip.ts';
import { baselinesFolder } from '../../../native/excerpts.ts';
import { fuzz, joinedParts, loaded, sampleTensors } from './hostile.ts';

const tensors = sampleTensors();
const safetensors = joinedParts(writeSafetensors(tensors, { format: 'pt', project: 'näme' }));
const stateDict = joinedParts(writeStateDict(tensors));

function plain(read: readonly { readonly name: string; readonly data: Uint8Array }[]): unknown {
  return read.map((tensor) => ({ ...tensor, data: [...tensor.data] }));
}

const dictsOf = (bytes: Uint8Array) => readStateDict(bytesSource(bytes));
const weightsOf = (bytes: Uint8Array) => readWeights(bytesSource(bytes));

async function refusal(read: () => unknown): Promise<string> {
  try {
    await read();
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

test('what is written as a state dict is read again', async () => {
  expect(plain(await loaded(dictsOf(stateDict)))).toEqual(plain(tensors));
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
  const read = await loaded(weightsOf(await readFile(path.join(folder, name))));
  expect(read.map((tensor) => tensor.name).sort()).toEqual(Object.keys(expected).sort());
  for (const tensor of read) {
    expect(tensor.shape).toEqual(expected[tensor.name]!.shape);
    if (tensor.type === 'F32') expect([...floatsOf(tensor)]).toEqual(expected[tensor.name]!.values);
  }
});

test('a pickle that asks for anything else is refused by its name, and nothing of it runs', async () => {
  const asking = (pickle: string): Uint8Array =>
    joinedParts(writeZip([{ name: 'model/data.pkl', data: new TextEncoder().encode(pickle) }]));
  expect(await refusal(() => dictsOf(asking('cos\nsystem\n(X\x04\x00\x00\x00exittR.')))).toContain('os.system');
  expect(await refusal(() => dictsOf(asking('cbuiltins\neval\n.')))).toContain('builtins.eval');
  expect(await refusal(() => dictsOf(asking('(i__main__\nThing\n.')))).toContain('pickle operation 0x69');
  expect(await refusal(() => dictsOf(asking('}.')))).toContain('no tensors');
});

test('a bare pickle, a TorchScript program and other files are refused in words', async () => {
  expect(await refusal(() => weightsOf(Uint8Array.of(0x80, 2, 0x7d, 0x2e)))).toContain('pickle');
  const program = writeZip([
    { name: 'm/constants.pkl', data: new Uint8Array() },
    { name: 'm/data.pkl', data: new Uint8Array() },
  ]);
  expect(await refusal(() => weightsOf(joinedParts(program)))).toContain('TorchScript program');
  expect(await refusal(() => weightsOf(new Uint8Array()))).toContain('shorter than a header');
});

test('tensors that claim more than there is, or lie over one another, are refused', async () => {
  const header = (entry: string): Uint8Array => {
    const text = new TextEncoder().encode(entry);
    return Uint8Array.from([...new Uint8Array(BigUint64Array.of(BigInt(text.length)).buffer), ...text, 0, 0, 0, 0]);
  };
  const one = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  expect(readSafetensors(header(`{"a":${one}}`)).tensors).toHaveLength(1);
  expect(await refusal(() => readSafetensors(header(`{"a":${one},"b":${one}}`)))).toContain('overlap');
  const far = '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';
  expect(await refusal(() => readSafetensors(header(`{"a":${far}}`)))).toContain('outside the file');
  const large = '{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}';
  expect(await refusal(() => readSafetensors(header(`{"a":${large}}`)))).toContain('does not fit its shape');
});

test.each([
  ['safetensors', safetensors, (bytes: Uint8Array) => readSafetensors(bytes).tensors],
  ['state dicts', stateDict, (bytes: Uint8Array) => loaded(dictsOf(bytes))],
] as const)('damaged %s are refused or read, and nothing else happens', async (_what, file, read) => {
  const { refused } = await fuzz(file, read, { seed: 1, count: 3000 });
  expect(refused).toBeGreaterThan(500);
});
