import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUploaded, removeUploaded, Uploads } from '../../../main/datasets/uploads.ts';

let home: string;
let uploads: Uploads;
const before = process.env['TORCHWRIGHT_HOME'];
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_HOME'] = home;
  uploads = new Uploads();
});
afterEach(async () => {
  if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
  else process.env['TORCHWRIGHT_HOME'] = before;
  await rm(home, { recursive: true, force: true });
});

function part(place: string, at: number, text: string) {
  return { path: place, at, content: Buffer.from(text) };
}

async function filesHere(): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('files that come through a browser', () => {
  it('lie in a folder of their own, pieces put together', async () => {
    const key = await uploads.begin('flowers', 10);
    await uploads.take(key, [part('rose/1.png', 0, 'abc'), part('tulip/1.png', 0, 'de')]);
    await uploads.take(key, [part('tulip/1.png', 2, 'fghij'), part('notes.doc', 0, '')]);
    const folder = await uploads.finish(key);
    expect(folder).toBe(path.join(home, 'uploads', 'flowers'));
    expect(await readFile(path.join(folder, 'tulip', '1.png'), 'utf8')).toBe('defghij');
    expect((await filesHere()).sort()).toEqual(['1.png', '1.png', 'notes.doc']);
    expect(isUploaded(folder)).toBe(true);
    await removeUploaded(folder);
    expect(await readdir(path.join(home, 'uploads'))).toEqual([]);
  });

  it('of the same name do not take each other’s place; a single file is its own place', async () => {
    const places: string[] = [];
    for (const text of ['one', 'two']) {
      const key = await uploads.begin('line.csv', 3);
      await uploads.take(key, [part('line.csv', 0, text)]);
      places.push(await uploads.finish(key));
    }
    const folder = path.join(home, 'uploads');
    expect(places).toEqual([path.join(folder, 'line.csv', 'line.csv'), path.join(folder, 'line.csv 2', 'line.csv')]);
    expect(await readFile(places[0]!, 'utf8')).toBe('one');
  });

  it.runIf(process.platform !== 'win32')('keep names that this system allows', async () => {
    const key = await uploads.begin('odd', 1);
    await uploads.take(key, [part('cat: black?/"0" <a|b>*.png', 0, 'x')]);
    const folder = await uploads.finish(key);
    expect(await readFile(path.join(folder, 'cat: black?', '"0" <a|b>*.png'), 'utf8')).toBe('x');
  });

  it('reach no place outside their folder', async () => {
    await writeFile(path.join(home, 'secret'), 'kept');
    const key = await uploads.begin('../../out', 100);
    for (const place of ['../x', '/etc/x', 'a/../../x', 'a//x', '.', 'a\\x', 'a/\0', `${'a/'.repeat(20)}x`]) {
      await expect(uploads.take(key, [part(place, 0, 'x')])).rejects.toThrow('under this name');
    }
    await uploads.take(key, [part('secret', 0, 'x'.repeat(100))]);
    expect(path.dirname(path.dirname(await uploads.finish(key)))).toBe(path.join(home, 'uploads'));
    expect(await readFile(path.join(home, 'secret'), 'utf8')).toBe('kept');
  });

  it('are removed, and nothing else, whatever path is given for them', async () => {
    const uploaded = path.join(home, 'uploads', 'set');
    await mkdir(uploaded, { recursive: true });
    await writeFile(path.join(home, 'secret'), 'kept');
    const odd = [
      '/../x',
      '/..',
      '',
      '/',
      '/.',
      '/set/../..',
      '/set/../../secret',
      '/../uploads2',
      '/a/../../../x',
      '/\0',
    ];
    for (const end of odd) {
      for (const begin of [path.join(home, 'uploads'), `${home}//uploads`, `${home}/./uploads/set/..`]) {
        expect(isUploaded(begin + end), end).toBe(false);
        await removeUploaded(begin + end);
      }
    }
    for (const source of ['set', 'uploads/set', '../set', home, '/']) {
      expect(isUploaded(source), source).toBe(false);
      await removeUploaded(source);
    }
    expect((await readdir(home)).sort()).toEqual(['secret', 'uploads']);
    expect(await readdir(path.join(home, 'uploads'))).toEqual(['set']);
    await removeUploaded(`${home}/uploads/other/../set/deeper/file.csv`);
    expect(await readdir(path.join(home, 'uploads'))).toEqual([]);
    expect(await readFile(path.join(home, 'secret'), 'utf8')).toBe('kept');
  });

  it('are no more than was said, whole, and in order', async () => {
    const key = await uploads.begin('set', 4);
    await expect(uploads.take(key, [part('a', 2, 'x')])).rejects.toThrow('order');
    await uploads.take(key, [part('a', 0, 'xy')]);
    await expect(uploads.finish(key)).rejects.toThrow('completely');
    await expect(uploads.take(key, [part('a', 2, 'xyz')])).rejects.toThrow('larger than announced');
    await expect(uploads.begin('huge', 1e12)).rejects.toThrow('limit');
  });

  it('that are cancelled, or whose server died, leave nothing', async () => {
    const key = await uploads.begin('set', 4);
    await uploads.take(key, [part('a', 0, 'xy')]);
    await uploads.cancel(key);
    await expect(uploads.take(key, [part('a', 2, 'xy')])).rejects.toThrow('no longer');
    // The largest pid Linux gives is 4,194,304.
    await mkdir(path.join(home, 'uploads', '.upload-4999999-aB3xY9'));
    await uploads.begin('other', 1);
    expect((await readdir(path.join(home, 'uploads'))).filter((name) => name.includes('4999999'))).toEqual([]);
  });
});
