import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import { resolveNetwork } from '../../../core/network/resolve.ts';
import type { ResolvedNode } from '../../../core/network/resolved.ts';
import type { NetworkNode } from '../../../core/network/tree.ts';
import { isWeightsFile } from '../../../core/training/weight-source.ts';
import { freshFrozenModules } from '../../../core/weights/fresh-frozen.ts';
import { readSafetensors, safetensorsHeader } from '../../../core/weights/safetensors.ts';
import { floatsOf } from '../../../core/weights/stored-tensor.ts';
import { withWeightsFile } from '../../../main/imports/weights-file.ts';
import { copyWeights, findWeights } from '../../../main/runs/find-weights.ts';
import { initialWeightsFile, readInitialWeights } from '../../../main/runs/initial-weights.ts';
import { runFolder } from '../../../main/runs/run-folder.ts';
import plain from '../../cases/weights/plain.json' with { type: 'json' };

/** Files of PyTorch's, Lightning's and safetensors' (make.py), with the weights of plain.pt. */
const cases = path.join(import.meta.dirname, '../../cases/weights');
const all = Object.keys(plain);

let home: string;
const homeBefore = process.env['TORCHWRIGHT_HOME'];
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-weights-'));
  process.env['TORCHWRIGHT_HOME'] = home;
});
afterAll(async () => {
  if (homeBefore === undefined) delete process.env['TORCHWRIGHT_HOME'];
  else process.env['TORCHWRIGHT_HOME'] = homeBefore;
  await rm(home, { recursive: true, force: true });
});

function network(frozen = false, first: Partial<NetworkNode> = {}): ResolvedNode {
  const children: NetworkNode[] = [
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 8 }, frozen, ...first },
    { type: 'BatchNorm1d' },
    { type: 'ReLU' },
    { type: 'Linear', options: { out_features: 2 } },
  ];
  const resolution = resolveNetwork({ type: 'Sequential', children }, {}, [[4]]);
  if (!resolution.ok) throw new Error(resolution.failures[0]?.message);
  return resolution.network;
}

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof FailureError) return error.failure;
  throw new Error('it was not refused', { cause: error });
}

let runs = 0;

/** What lies in a run that begins with a file, by names. */
async function copied(file: string, entry?: string) {
  const found = await findWeights({ from: file, ...(entry === undefined ? {} : { entry }) }, network());
  const run = `run-${(runs += 1)}`;
  await mkdir(runFolder(run), { recursive: true });
  await copyWeights(run, found);
  const { tensors } = readSafetensors(await readFile(initialWeightsFile(run)));
  const values = Object.fromEntries(
    tensors.map((tensor) => [tensor.name, tensor.type === 'F32' ? [...floatsOf(tensor)] : null]),
  );
  return { found, values, record: await readInitialWeights(run) };
}

const floats = (name: keyof typeof plain): unknown => (name === '2.num_batches_tracked' ? null : plain[name][1]);
const expected = Object.fromEntries(all.map((name) => [name, floats(name as keyof typeof plain)]));

test.each([
  ['plain.pt', undefined],
  ['plain.safetensors', undefined],
  ['dataparallel.safetensors', 'module.'],
  ['compiled.pt', '_orig_mod.module.'],
  ['backbone.pth', 'backbone.'],
  ['lightning.ckpt', 'model.'],
  ['objects.ckpt', 'net.'],
  ['tutorial-checkpoint.pt', undefined],
  ['protocol-4.pt', undefined],
  ['sharded.safetensors.index.json', undefined],
])('%s: all nine tensors are found, with the prefix %s, and copied as they are', async (file, prefix) => {
  const { found, values, record } = await copied(path.join(cases, file));
  expect(found.report.prefix).toBe(prefix);
  expect(found.report).toMatchObject({ missing: [], otherShape: [], unused: [] });
  expect([...found.report.matched].sort()).toEqual([...all].sort());
  expect(values).toEqual(expected);
  expect(record?.given?.prefix).toBe(prefix);
});

test('DataParallel’s .pt is taken without its prefix', async () => {
  const { found } = await copied(path.join(cases, 'dataparallel.pt'));
  expect(found.report).toMatchObject({ prefix: 'module.', missing: [], otherShape: [], unused: [] });
});

test('a tensor that was expanded has all its values', async () => {
  const { values } = await copied(path.join(cases, 'expanded.pt'));
  expect(values).toEqual({ ...expected, '4.bias': [0.25, 0.25] });
});

describe('a checkpoint with several state dicts', () => {
  const file = path.join(cases, 'two.pt');

  test('is refused with their names, and taken with one of them', async () => {
    const refused = await refusalOf(findWeights({ from: file }, network()));
    expect(refused).toMatchObject({ code: 'badUsage', at: file });
    expect(refused.message).toMatch(/\bmodel, ema\b/);
    expect((await copied(file, 'model')).values).toEqual(expected);
    const ema = await copied(file, 'ema');
    expect(ema.record?.from).toEqual({ file, entry: 'ema' });
    expect(ema.found.report.prefix).toBe('module.');
    expect((ema.values['2.weight'] as number[])[0]).toBeCloseTo((floats('2.weight') as number[])[0]! + 1, 6);
  });

  test('has no other', async () => {
    expect((await refusalOf(findWeights({ from: file, entry: 'optimizer' }, network()))).message).toContain(
      'model, ema',
    );
  });
});

test('names that do not fit are shown, of the file and of the network', async () => {
  const file = path.join(home, 'strangers.safetensors');
  await writeFile(file, safetensorsHeader([{ name: 'conv1.weight', type: 'F32', shape: [0] }], {}));
  const refused = await refusalOf(findWeights({ from: file }, network()));
  expect(refused).toMatchObject({ code: 'badUsage', at: file });
  expect(refused.advice).toMatch(/conv1\.weight.*1\.weight/);
});

test('NaN among the weights is named, with the tensor', async () => {
  const file = path.join(cases, 'nan.pt');
  const refused = await refusalOf(copied(file));
  expect(refused).toMatchObject({ code: 'badData', at: file });
  expect(refused.message).toMatch(/32 of the 32 values of 1\.weight/);
});

test('a TorchScript program is called so', async () => {
  const refused = await refusalOf(findWeights({ from: path.join(cases, 'script.pt') }, network()));
  expect(refused.code).toBe('badData');
  expect(refused.message).toMatch(/TorchScript/);
  expect(refused.advice).toContain('state_dict()');
});

describe('shards', () => {
  test('that are missing are named', async () => {
    const index = path.join(home, 'lonely.safetensors.index.json');
    await writeFile(index, JSON.stringify({ weight_map: { '1.weight': 'gone.safetensors' } }));
    const refused = await refusalOf(withWeightsFile(index, () => Promise.resolve()));
    expect(refused).toMatchObject({ code: 'notFound', at: path.join(home, 'gone.safetensors') });
  });

  test.each(['../plain.safetensors', '/etc/hostname', '..', 'a\\b.safetensors'])(
    'lie beside their index: %s',
    async (file) => {
      const index = path.join(home, 'elsewhere.safetensors.index.json');
      await writeFile(index, JSON.stringify({ weight_map: { '1.weight': file } }));
      expect(await refusalOf(withWeightsFile(index, () => Promise.resolve()))).toMatchObject({
        code: 'badData',
        at: index,
      });
    },
  );
});

describe('what is read', () => {
  test('is a header and the wanted tensors, also of a file of 5 GB', async () => {
    const file = path.join(home, 'large.safetensors');
    const rest = { name: 'rest', type: 'U8', shape: [5_000_000_000] } as const;
    const { tensors } = readSafetensors(await readFile(path.join(cases, 'plain.safetensors')));
    const handle = await open(file, 'w');
    const header = safetensorsHeader([...tensors, rest], {});
    for (const part of [header, ...tensors.map(({ data }) => data)]) await handle.writeFile(part);
    await handle.close();
    // Sparse: it takes some kilobytes of the disk.
    const size = header.byteLength + tensors.reduce((sum, { data }) => sum + data.byteLength, 0) + 5_000_000_000;
    await truncate(file, size);
    const { found, values } = await copied(file);
    expect(found.report.unused).toEqual(['rest']);
    expect(values).toEqual(expected);
  });

  test.skipIf(process.platform === 'win32')('is no device and no pipe', async () => {
    const pipe = path.join(home, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    for (const file of ['/dev/zero', pipe, home]) {
      const refused = await refusalOf(withWeightsFile(file, () => Promise.resolve()));
      expect(refused).toMatchObject({ code: 'badUsage', at: file });
    }
  });
});

test('frozen modules without weights are found: of fresh weights, and of a file that lacks them', async () => {
  expect(freshFrozenModules(network(true), null)).toEqual([{ path: 'networks.main.children[1]', layer: 'Linear' }]);
  const file = path.join(cases, 'plain.pt');
  const fits = network(true);
  expect(freshFrozenModules(fits, (await findWeights({ from: file }, fits)).report)).toEqual([]);
  const wider = network(true, { options: { out_features: 8, bias: false } });
  expect(freshFrozenModules(wider, (await findWeights({ from: file }, wider)).report)).toEqual([]);
  const renamed = network(true, { name: 'first' });
  expect(freshFrozenModules(renamed, (await findWeights({ from: file }, renamed)).report)).toHaveLength(1);
});

test.each([
  ['model.ckpt', true],
  ['checkpoint.pth.tar', true],
  ['model.safetensors.index.json', true],
  ['mnist-conv-3', false],
  ['project.json', false],
])('%s beside a run’s name: a file is %s', (name, isFile) => {
  expect(isWeightsFile(name)).toBe(isFile);
});
