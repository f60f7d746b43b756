import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decode, encode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { picturesInWords } from '../../../../core/inspection/import-report.ts';
import { prepareDrawing, preparePicture } from '../../../../main/evaluation/prepare-picture.ts';
import { decodeBmp } from '../../../../main/datasets/import/decode-bmp.ts';
import { imageForm, readImage } from '../../../../main/datasets/import/decode-image.ts';
import { caseFolder, inIsolatedCache, read, samplesOf } from './isolated-cache.ts';

const isolated = inIsolatedCache();

async function folderOf(pictures: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const place = path.join(isolated.folder(), 'pictures');
  for (const [name, content] of Object.entries(pictures)) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true });
    await writeFile(path.join(place, name), content);
  }
  return place;
}

/** Grey with alpha where `channels` is 2. */
const clear = (side: number, channels: 2 | 4, depth: 8 | 16 = 8): Uint8Array =>
  encode({
    width: side,
    height: side,
    channels,
    depth,
    data: depth === 8 ? new Uint8Array(side * side * channels) : new Uint16Array(side * side * channels),
  });

describe('transparency', () => {
  it('is laid on white, as its definition says', async () => {
    const source = caseFolder('img-rgba-black-on-transparent');
    const dataset = await read(source);
    expect(dataset.pictures).toMatchObject({ background: '#ffffff', transparent: 10, resized: 0 });
    const { data } = decode(await readFile(path.join(source, 'bar', '1.png')));
    const expected = Array.from({ length: data.length / 4 }, (_, pixel) => {
      const alpha = data[pixel * 4 + 3]! / 255;
      return Math.round(data[pixel * 4]! * alpha + 255 * (1 - alpha));
    });
    const samples = [...(await samplesOf(source, {}, 'train')), ...(await samplesOf(source, {}, 'test'))];
    const reds = samples.map((sample) => sample.slice(0, expected.length));
    expect(reds).toContainEqual(expected);
  });

  it('comes out as one colour at every size, depth and number of channels', async () => {
    const source = await folderOf({
      'a/0.png': clear(8, 4),
      'a/1.png': clear(16, 4),
      'a/2.png': clear(8, 2),
      'b/0.png': clear(20, 2),
      'b/1.png': clear(8, 4, 16),
      'b/2.png': clear(11, 4, 16),
    });
    for (const [background, value] of [
      [undefined, [255, 255, 255]],
      ['#103050', [0x10, 0x30, 0x50]],
    ] as const) {
      const settings = { channels: 3, ...(background === undefined ? {} : { background }) } as const;
      for (const sample of await samplesOf(source, settings, 'train')) {
        expect([sample[0], sample[64], sample[128]]).toEqual(value);
        expect(new Set(sample.slice(0, 64)).size).toBe(1);
      }
    }
  });

  it('in predict is that of the import: a drawing on nothing is one on white paper', async () => {
    const drawn = async (name: string): Promise<Uint8Array> =>
      prepareDrawing(path.join(caseFolder('predict'), name), { inputShape: [1, 28, 28], settings: {} }, name);
    const [onClear, onWhite] = [await drawn('seven-black-on-clear.png'), await drawn('seven-black-on-white.png')];
    expect(onWhite.some((value) => value > 200)).toBe(true);
    expect(Math.max(...onClear.map((value, pixel) => Math.abs(value - onWhite[pixel]!)))).toBeLessThanOrEqual(1);
  });
});

describe('an image of another aspect ratio', () => {
  /** 4 high and 12 wide: black, white, black. */
  const wide = encode({
    width: 12,
    height: 4,
    channels: 1,
    data: Uint8Array.from({ length: 48 }, (_, pixel) => (pixel % 12 >= 4 && pixel % 12 < 8 ? 255 : 0)),
  });
  const square = encode({ width: 4, height: 4, channels: 1, data: new Uint8Array(16).fill(7) });

  it.each(['cover', 'contain', 'stretch'] as const)('is brought to the size by %s, and counted', async (fit) => {
    const source = await folderOf({ 'a/0.png': square, 'a/1.png': square, 'b/0.png': square, 'b/1.png': wide });
    const settings = { fit, background: '#090909', channels: 1, split: { testFraction: 0.01 } } as const;
    const dataset = await read(source, settings);
    expect(dataset.pictures).toMatchObject({ fit, resized: 1, reshaped: 1 });
    const all = [...(await samplesOf(source, settings, 'train')), ...(await samplesOf(source, settings, 'test'))];
    const found = all.find((sample) => sample.some((value) => value !== 7))!;
    const row = (index: number): number[] => found.slice(index * 4, index * 4 + 4);
    if (fit === 'cover') expect(found).toEqual(Array(16).fill(255));
    // All of it is there, small, between edges of the background.
    if (fit === 'contain') expect([row(0), row(3)]).toEqual([Array(4).fill(9), Array(4).fill(9)]);
    if (fit === 'stretch') expect(row(0)).toEqual(row(3));
    if (fit !== 'cover') expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(150);
  });

  it('of the same ratio is not counted', async () => {
    const large = encode({ width: 9, height: 9, channels: 1, data: new Uint8Array(81) });
    const dataset = await read(
      await folderOf({ 'a/0.png': square, 'a/1.png': square, 'b/0.png': large, 'b/1.png': large }),
    );
    expect(dataset.pictures).toMatchObject({ resized: 2, reshaped: 0, fit: 'cover' });
  });
});

describe('formats', () => {
  const pixels = Uint8Array.from({ length: 5 * 7 * 3 }, (_, index) => (index * 37) % 256);
  const raw = { raw: { width: 5, height: 7, channels: 3 } } as const;
  const form = imageForm({}, { channels: 3, height: 7, width: 5 });
  const planes = (data: Uint8Array): number[] => [0, 1, 2].flatMap((of) => [...data].filter((_, at) => at % 3 === of));

  it('without loss give their pixels, in import and predict alike', async () => {
    const tiff = await sharp(pixels, raw).tiff({ compression: 'lzw' }).toBuffer();
    const png = await sharp(pixels, raw).png().toBuffer();
    const source = await folderOf({
      'a/0.tif': tiff,
      'a/1.png': png,
      'b/0.bmp': bmp24(pixels, 5, 7),
      'b/1.TIFF': tiff,
    });
    const dataset = await read(source);
    expect(dataset.skipped).toEqual([]);
    for (const sample of await samplesOf(source, {}, 'train')) expect(sample).toEqual(planes(pixels));
    for (const name of ['a/0.tif', 'b/0.bmp']) {
      const target = { inputShape: [3, 7, 5], settings: {} };
      expect([...(await preparePicture(path.join(source, name), target, name))]).toEqual(planes(pixels));
    }
  });

  it('the palette BMP of issue 14 is read', async () => {
    const file = path.join(caseFolder('predict'), 'top.bmp');
    const content = await readFile(file);
    const read = decodeBmp(content)!;
    // Rows lie upside down after a palette, and this one is of greys.
    const at = content.readUInt32LE(10);
    const expected = Array.from(
      { length: 784 },
      (_, pixel) => content[at + (27 - Math.floor(pixel / 28)) * 28 + (pixel % 28)]!,
    );
    expect([...read.data].filter((_, index) => index % 3 === 0)).toEqual(expected);
    const prepared = await preparePicture(file, { inputShape: [1, 28, 28], settings: {} }, file);
    expect([...prepared]).toEqual(expected);
  });

  it('others are refused by both in the same words', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>',
    );
    for (const content of [
      svg,
      Buffer.from('BM nothing'),
      await sharp(pixels, raw).heif({ compression: 'av1' }).toBuffer(),
    ]) {
      const place = await folderOf({ 'a/0.png': await sharp(pixels, raw).png().toBuffer(), 'b/0.png': content });
      await writeFile(path.join(place, 'a', '1.png'), await readFile(path.join(place, 'a', '0.png')));
      const outcome = await readImage(content, form);
      expect(outcome.ok).toBe(false);
      const dataset = await read(place);
      expect(dataset.skipped.map(({ reason }) => reason)).toEqual([outcome.ok ? '' : outcome.reason]);
    }
  });

  it('of two numbers of channels become one, and the report counts those that changed', async () => {
    const grey = await sharp(pixels, raw).toColourspace('b-w').png().toBuffer();
    const colour = await sharp(pixels, raw).png().toBuffer();
    const source = await folderOf({ 'a/0.png': grey, 'a/1.png': colour, 'b/0.png': colour, 'b/1.png': colour });
    const facts = async (channels?: 1 | 3) => {
      const dataset = await read(source, channels === undefined ? {} : { channels });
      const sentences = picturesInWords(dataset).filter((sentence) => /grey/.test(sentence));
      return { ...dataset.pictures, sentences: sentences.length };
    };
    expect(await facts()).toMatchObject({ madeGrey: 0, madeColour: 1, sentences: 1 });
    expect(await facts(3)).toMatchObject({ madeGrey: 0, madeColour: 1, sentences: 1 });
    expect(await facts(1)).toMatchObject({ madeGrey: 3, madeColour: 0, sentences: 1 });
    const even = await read(await folderOf({ 'b/1.png': grey, 'b/0.png': grey, 'a/1.png': grey }), {});
    expect(even.pictures).toMatchObject({ madeGrey: 0, madeColour: 0 });
  });

  it('of several frames give the first, which the report counts', async () => {
    const page = { width: 4, height: 8, channels: 3 as const, pageHeight: 4 };
    const frames = Uint8Array.from({ length: 96 }, (_, index) => (index < 48 ? 200 : 10));
    const gif = await sharp(frames, { raw: page }).gif().toBuffer();
    const source = await folderOf({ 'a/0.gif': gif, 'a/1.gif': gif, 'b/0.gif': gif });
    const dataset = await read(source, { channels: 1 });
    expect(dataset).toMatchObject({ inputShape: [1, 4, 4], pictures: { multiPage: 3 } });
    expect(
      (await samplesOf(source, { channels: 1 }, 'train')).every((sample) => sample.every((value) => value === 200)),
    ).toBe(true);
  });
});

it('a pipe as the source is refused, not waited for', async () => {
  const pipe = path.join(isolated.folder(), 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  await expect(read(pipe)).rejects.toMatchObject({ failure: { code: 'badData', at: pipe } });
});

/** Upside down, blue first, rows of whole words. */
function bmp24(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let channel = 0; channel < 3; channel++) {
        file[54 + (height - 1 - row) * rowBytes + column * 3 + 2 - channel] =
          pixels[(row * width + column) * 3 + channel]!;
      }
    }
  }
  return file;
}
