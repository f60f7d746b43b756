import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyProject } from '../../core/project/empty-project.ts';
import { resolveProject } from '../../core/project/project-facts.ts';
import { planNetwork } from '../../core/training/plan-network.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { failureOf } from '../../main/failures.ts';

/** What `npm run fuzz` looks for by chance; here are the lies that were once believed, or could be. */
let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'torchwright-hostile-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const linear = { type: 'Linear', options: { out_features: 2 } } as const;
const resolution = resolveProject(
  { ...emptyProject, networks: { main: { type: 'Sequential', children: [linear] } } },
  [3],
);

function fileOf(header: string, bytes: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(bytes)]);
}

async function read(content: Uint8Array): Promise<unknown> {
  if (!resolution.ok) throw new Error('the network cannot work');
  const file = path.join(folder, `${Math.random()}.safetensors`);
  await writeFile(file, content);
  const sample = { shape: [1, 3], data: Float32Array.of(1, 2, 3) };
  return loadAddon()
    .runNetwork(JSON.stringify(planNetwork(resolution.network)), file, [sample], false)
    .catch((error: unknown) => failureOf(error));
}

const tensor = (shape: string, from: string, to: string): string =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${from},${to}]}`;
const whole = `{"0.weight":${tensor('[2,3]', '0', '24')},"0.bias":${tensor('[2]', '24', '32')}}`;

it('reads what is right', async () => {
  expect(await read(fileOf(whole, 32))).toMatchObject({ outputs: [{ shape: [1, 2] }] });
});

it.for([
  [
    'shares a place',
    `{"0.weight":${tensor('[2,3]', '0', '24')},"0.bias":${tensor('[2]', '16', '24')}}`,
    /0\.weight.*0\.bias/,
  ],
  ['overflows its bytes to none', `{"0.bias":${tensor('[4611686018427387904]', '0', '0')}}`, /impossible shape/],
  ['overflows beside a size of 0', `{"0.bias":${tensor('[0,9e18,4611686018427387904]', '0', '0')}}`, /whole number/],
  ['has huge sizes and no elements', `{"0.bias":${tensor('[0,281474976710656,3]', '0', '0')}}`, /impossible shape/],
  ['has a place below zero', `{"0.bias":${tensor('[2]', '-8', '0')}}`, /whole number/],
  ['has a fraction as size', `{"0.bias":${tensor('[2.5]', '0', '8')}}`, /whole number/],
  ['lies outside', `{"0.bias":${tensor('[2]', '32', '40')}}`, /outside the file/],
  ['is of another size than it says', `{"0.bias":${tensor('[2]', '0', '12')}}`, /does not fit its shape/],
] as const)('refuses a tensor that %s', async ([, header, why]) => {
  expect(await read(fileOf(header, 32))).toMatchObject({
    code: 'badData',
    message: expect.stringMatching(why) as unknown,
  });
});

it('refuses a header that is longer than the file, and one of the largest number there is', async () => {
  for (const length of [33n, 2n ** 63n, 2n ** 64n - 1n]) {
    const content = Buffer.alloc(40);
    content.writeBigUInt64LE(length);
    expect(await read(content)).toMatchObject({
      code: 'badData',
      message: expect.stringMatching(/longer than the file/) as unknown,
    });
  }
});
