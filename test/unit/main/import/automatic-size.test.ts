import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { expect, it } from 'vitest';
import { automaticSize } from '../../../../main/datasets/import/automatic-size.ts';
import { inIsolatedCache, read } from './isolated-cache.ts';

const isolated = inIsolatedCache();

const sizesOf = (pairs: readonly (readonly [height: number, width: number])[]) =>
  pairs.map(([height, width]) => ({ height, width }));
const different = (count: number) =>
  Array.from({ length: count }, (_, index): readonly [number, number] => [20 + index, 60 + 3 * index]);

it.each([
  ['the size of a fifth', [...different(8), [9, 9], [9, 9]] as const, [9, 9], 0],
  [
    'of equally common ones the smallest',
    [
      [8, 8],
      [8, 8],
      [4, 4],
      [4, 4],
    ] as const,
    [4, 4],
    0,
  ],
  ['that of the only image', [[7, 5]] as const, [7, 5], 0],
  ['the median where fewer than a fifth have a size', [...different(9), [9, 9], [9, 9]] as const, [23, 69], 1],
  ['the median where no two are of one size', different(3), [21, 63], 1],
  [
    'a square where many are wide and many are high',
    [
      [20, 30],
      [31, 21],
      [22, 32],
      [33, 23],
    ] as const,
    [23, 23],
    1,
  ],
  ['no square where nearly all are wide', [...different(10), [90, 30]] as const, [25, 72], 1],
] as const)('is %s', (_, pairs, [height, width], notes) => {
  const found = automaticSize(sizesOf(pairs));
  expect(found).toMatchObject({ height, width });
  expect(found.notes).toHaveLength(notes);
});

it('that is common to no images is in the report with how rare the commonest one is', async () => {
  const place = path.join(isolated.folder(), 'pictures');
  for (const name of ['a', 'b']) await mkdir(path.join(place, name), { recursive: true });
  const write = (image: number, height: number, width: number): Promise<void> =>
    writeFile(
      path.join(place, image % 2 === 0 ? 'a' : 'b', `${image}.png`),
      encode({ width, height, channels: 1, data: new Uint8Array(width * height) }),
    );
  for (let image = 0; image < 14; image++) await write(image, image < 2 ? 3 : 10 + image, image < 2 ? 40 : 10 + image);
  const dataset = await read(place);
  expect(dataset).toMatchObject({ inputShape: [1, 16, 18] });
  expect(dataset.notes.filter((note) => /3 × 40.*\b2 of 14\b.*16 × 18/.test(note))).toHaveLength(1);
  expect((await read(place, { size: [8, 9] })).notes.some((note) => note.includes('3 × 40'))).toBe(false);
});
