import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../../core/failure.ts';
import { checkFiles } from '../../../main/datasets/check-files.ts';
import { binaryFromPicture, cifarRecord, countLabels } from '../../../main/datasets/convert-cifar10.ts';
import { folderOf, locateDataset } from '../../../main/datasets/datasets.ts';
import { installFolder } from '../../../main/datasets/install-folder.ts';
import { knownDataset } from '../../../main/datasets/known-datasets.ts';
import type { KnownDataset } from '../../../main/datasets/known-datasets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failureIn(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FailureError)) throw new Error(`expected a failure, got ${String(error)}`);
  return error.failure;
}

function mnist(): KnownDataset {
  const known = knownDataset('mnist');
  if (!known) throw new Error('mnist is not known');
  return known;
}

async function mnistFolder(): Promise<string> {
  return (await folderOf(mnist())) ?? '';
}

describe('MNIST as installed', () => {
  it('is whole, by its checksums', async () => {
    await checkFiles(mnist(), await mnistFolder());
  });

  it('is located by name, and by its folder', async () => {
    const byName = await locateDataset({ source: 'mnist' });
    expect(byName.inputShape).toEqual([1, 28, 28]);
    expect(byName.classNames).toHaveLength(10);
    expect(await locateDataset({ source: byName.folder })).toEqual(byName);
  });
});

describe('a folder as data', () => {
  it('may hold gzipped IDX files', async () => {
    for (const name of Object.keys(mnist().sha256)) {
      const start = (await readFile(path.join(await mnistFolder(), name))).subarray(0, 8000);
      await writeFile(path.join(folder, `${name}.gz`), await promisify(gzip)(start));
    }
    const located = await locateDataset({ source: folder });
    expect(located.inputShape).toEqual([1, 28, 28]);
    expect(located.train).toMatchObject({ images: path.join(folder, 'train-images-idx3-ubyte.gz') });
  });

  it('is refused by name when the images are not images', async () => {
    for (const name of Object.keys(mnist().sha256)) {
      await symlink(
        path.join(await mnistFolder(), name.replace('images-idx3', 'labels-idx1')),
        path.join(folder, name),
      );
    }
    const failure = await failureIn(locateDataset({ source: folder }));
    expect(failure.code).toBe('badData');
    expect(failure.message).toContain(path.join(folder, 'train-images-idx3-ubyte'));
  });

  it('is refused when it is empty or not there', async () => {
    expect((await failureIn(locateDataset({ source: folder }))).code).toBe('badData');
    expect((await failureIn(locateDataset({ source: path.join(folder, 'nowhere') }))).code).toBe('notFound');
  });
});

it('a changed file is found by its checksum', async () => {
  for (const name of Object.keys(mnist().sha256))
    await symlink(path.join(await mnistFolder(), name), path.join(folder, name));
  const labels = path.join(folder, 't10k-labels-idx1-ubyte');
  const content = await readFile(labels);
  content[100] = (content[100] ?? 0) ^ 1;
  await rm(labels);
  await writeFile(labels, content);
  const failure = await failureIn(checkFiles(mnist(), folder));
  expect(failure.message).toContain(labels);
});

describe('conversion of CIFAR-10', () => {
  it('turns a picture of one image a row into label, red plane, green plane, blue plane', async () => {
    const data = new Uint8Array(2 * 1024 * 3);
    for (let at = 0; at < data.length; at++) data[at] = (at * 7 + Math.floor(at / 3072)) % 256;
    const binary = await binaryFromPicture(encode({ width: 1024, height: 2, channels: 3, data }), [6, 9]);
    expect(binary).toHaveLength(2 * cifarRecord);
    expect([binary[0], binary[cifarRecord]]).toEqual([6, 9]);
    for (const [image, channel, pixel] of [
      [0, 0, 0],
      [0, 2, 33],
      [1, 1, 1023],
    ] as const) {
      const stored = binary[image * cifarRecord + 1 + channel * 1024 + pixel];
      expect(stored).toBe(data[(image * 1024 + pixel) * 3 + channel]);
    }
    expect(countLabels([binary])).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 1]);
  });

  it('refuses a picture of another size', async () => {
    const png = encode({ width: 32, height: 2, channels: 3, data: new Uint8Array(32 * 2 * 3) });
    await expect(binaryFromPicture(png, [1, 2])).rejects.toThrow(/1024/);
  });
});

describe('putting a folder in place', () => {
  it('leaves nothing behind when the work fails', async () => {
    await expect(installFolder(path.join(folder, 'set'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual([]);
  });

  it('two at once agree on one whole folder', async () => {
    const target = path.join(folder, 'set');
    const fill = async (temporary: string): Promise<void> => {
      await writeFile(path.join(temporary, 'a'), 'one');
      await writeFile(path.join(temporary, 'b'), 'two');
    };
    await Promise.all([installFolder(target, fill), installFolder(target, fill), installFolder(target, fill)]);
    expect(await readdir(folder)).toEqual(['set']);
    expect((await readdir(target)).sort()).toEqual(['a', 'b']);
  });

  it('removes what a dead process left, and not what a living one is filling', async () => {
    // The largest pid Linux gives is 4,194,304.
    await mkdir(path.join(folder, '.set-4999999-aB3xY9'));
    await mkdir(path.join(folder, `.set-${process.pid}-aB3xY9`));
    await installFolder(path.join(folder, 'set'), () => Promise.resolve());
    expect((await readdir(folder)).sort()).toEqual([`.set-${process.pid}-aB3xY9`, 'set']);
  });
});
