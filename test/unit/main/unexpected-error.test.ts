import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unexpectedFailure } from '../../../main/unexpected-error.ts';

const argvBefore = process.argv;
const homeBefore = process.env['TORCHWRIGHT_HOME'];
let home: string;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-mistake-'));
  process.env['TORCHWRIGHT_HOME'] = home;
});

afterEach(async () => {
  process.argv = argvBefore;
  if (homeBefore === undefined) delete process.env['TORCHWRIGHT_HOME'];
  else process.env['TORCHWRIGHT_HOME'] = homeBefore;
  await rm(home, { recursive: true });
});

it.each([[['--token', 'secret-of-a-server']], [['--token=secret-of-a-server']]])(
  'keeps the token of a server out of the file that is to be reported: %j',
  async (words) => {
    process.argv = ['node', 'torchwright', 'serve', ...words, '--port', '0'];
    expect(await unexpectedFailure(new TypeError(`planted ${words.length}`))).toMatchObject({ code: 'internal' });
    const [name] = await readdir(path.join(home, 'logs'));
    const text = await readFile(path.join(home, 'logs', name!), 'utf8');
    expect(text).toContain('serve --token');
    expect(text).toContain('--port 0');
    expect(text).not.toContain('secret');
  },
);
