import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isReallyInside, pathInside } from '../../../main/inside-folder.ts';

const folder = path.resolve('/home/of/uploads');
const steps = fc.array(
  fc.oneof(fc.constantFrom('..', '.', '', 'a', '..b', '...', 'ä', '%2e%2e', ' ', '\\', '..\\'), fc.string()),
  { maxLength: 12 },
);

/** Where the steps lead, counted one by one: another way than the one under test. */
function walked(from: string, words: readonly string[]): string {
  const stack = from.split(path.sep).filter((word) => word !== '');
  for (const word of words) {
    if (word === '..') stack.pop();
    else if (word !== '' && word !== '.') stack.push(word);
  }
  return path.sep + stack.join(path.sep);
}

describe('a path from outside', () => {
  it('is accepted when it ends within the folder, however it is written', () => {
    expect(pathInside(folder, 'a/b')).toBe(path.join(folder, 'a', 'b'));
    expect(pathInside(folder, `${folder}/x/../y`)).toBe(path.join(folder, 'y'));
    expect(pathInside(folder, '..x')).toBe(path.join(folder, '..x'));
    for (const given of ['', '.', '..', '../uploads', `${folder}/../x`, `${folder}2`, '/', '//', 'a\0b', 'a/../..']) {
      expect(pathInside(folder, given), given).toBeNull();
    }
  });

  it('never leads out of the folder, and is never refused within it', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (words, isAbsolute) => {
        const whole = words.join('/');
        const parts = whole.split('/');
        const ends = walked(isAbsolute ? '' : folder, isAbsolute ? `${folder}/${whole}`.split('/') : parts);
        // A text that begins with a slash begins at the root.
        const begins = !isAbsolute && whole.startsWith('/') ? walked('', parts) : ends;
        const within = begins.startsWith(folder + path.sep) && !whole.includes('\0');
        const given = isAbsolute ? `${folder}/${whole}` : whole;
        expect(pathInside(folder, given)).toBe(within ? begins : null);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a path behind symbolic links', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
    await mkdir(path.join(home, 'data'));
    await mkdir(path.join(home, 'data2'));
    await writeFile(path.join(home, 'secret'), '');
    await writeFile(path.join(home, 'data', 'mine'), '');
    await symlink(path.join(home, 'secret'), path.join(home, 'data', 'link'));
    await symlink(path.join(home, 'data'), path.join(home, 'alias'));
  });
  afterAll(() => rm(home, { recursive: true }));

  it('is inside where its end is', async () => {
    const data = path.join(home, 'data');
    expect(await isReallyInside(data, path.join(data, 'mine'))).toBe(true);
    expect(await isReallyInside(data, data)).toBe(true);
    expect(await isReallyInside(path.join(home, 'alias'), path.join(data, 'mine'))).toBe(true);
    expect(await isReallyInside(data, path.join(data, 'link'))).toBe(false);
    expect(await isReallyInside(data, path.join(home, 'data2'))).toBe(false);
    expect(await isReallyInside(data, path.join(data, 'absent'))).toBe(false);
  });
});
