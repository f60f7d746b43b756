import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket as Client } from 'ws';
import { pack, unpack } from '../../core/contract/pack.ts';
import { socketProtocol } from '../../core/contract/socket.ts';
import type { ToClient } from '../../core/contract/socket.ts';
import { serve } from '../../main/serve/server.ts';
import type { RunningServer } from '../../main/serve/server.ts';

const token = 'a-token-for-this-test';
const before = process.env['TORCHWRIGHT_HOME'];
let home: string;
let server: RunningServer;
let address: URL;
/** What nobody caught: it would have ended the program. */
const uncaught: unknown[] = [];
const note = (error: unknown): number => uncaught.push(error);

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  const pages = path.join(home, 'pages');
  await mkdir(path.join(pages, 'assets'), { recursive: true });
  await writeFile(path.join(pages, 'index.html'), '<p>page</p>');
  await writeFile(path.join(pages, 'assets', 'a.js'), '');
  process.env['TORCHWRIGHT_HOME'] = path.join(home, 'home');
  process.on('uncaughtException', note).on('unhandledRejection', note);
  server = await serve({ host: '127.0.0.1', port: 0, token, pages });
  address = new URL(server.address);
});
afterAll(async () => {
  await server.close();
  process.off('uncaughtException', note).off('unhandledRejection', note);
  if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
  else process.env['TORCHWRIGHT_HOME'] = before;
  await rm(home, { recursive: true, force: true });
});

/** Everything the server answers to these bytes until it or the client ends the connection. */
function send(text: string, { reset = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: address.hostname, port: Number(address.port) });
    socket.on('error', () => resolve(answer)).on('close', () => resolve(answer));
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.write(text, 'latin1', () => {
      if (reset) setImmediate(() => socket.resetAndDestroy());
    });
  });
}

function get(target: string, more = ''): Promise<string> {
  return send(`GET ${target} HTTP/1.1\r\nHost: ${address.host}\r\nConnection: close\r\n${more}\r\n`);
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

const upgrade = 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

async function open(): Promise<Client> {
  const client = new Client(`ws://${address.host}/socket`, socketProtocol(token));
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  return client;
}

/** The answer to one message, or the code with which the socket was closed. */
function say(client: Client, message: Uint8Array): Promise<ToClient | number> {
  return new Promise((resolve) => {
    client.once('message', (data: Buffer) => resolve(unpack(new Uint8Array(data)) as ToClient));
    client.once('close', resolve);
    client.send(message);
  });
}

describe('requests of strangers', () => {
  const targets = [
    '//',
    '///',
    '//[',
    '//a:99999/',
    '//%',
    'http://',
    '*',
    '/%',
    '/%00',
    '/\\..\\',
    '/.',
    '/?%',
    '/a?b?c',
  ];

  it.each(targets)('%s is refused and ends alone', async (target) => {
    expect(statusOf(await get(target))).toBeOneOf([400, 403, 404]);
    const asUpgrade = `GET ${target} HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\n${upgrade}\r\n`;
    expect(statusOf(await send(asUpgrade))).toBeOneOf([400, 403]);
    expect(statusOf(await get(`/?token=${token}`))).toBe(200);
    expect(uncaught).toEqual([]);
  });

  it('for the page need the token, however its address is written', async () => {
    const ways = [
      '/',
      '/index.html',
      '/%69ndex.html',
      '/index%2ehtml',
      '/x/..%2findex.html',
      '/./index.html',
      '/?token=',
    ];
    for (const way of ways) expect(statusOf(await get(way)), way).toBe(403);
    for (const way of ways.slice(0, -1)) expect(statusOf(await get(`${way}?token=${token}`)), way).toBe(200);
    expect(statusOf(await get('/assets/a.js'))).toBe(200);
  });

  it('for the page again need no token in the address, from the browser that opened it', async () => {
    const cookie = /set-cookie: ([^;]+); Path=\/; HttpOnly; SameSite=Strict/i.exec(await get(`/?token=${token}`))?.[1];
    expect(cookie).toBeDefined();
    expect(cookie).not.toContain(token);
    expect(statusOf(await get('/', `Cookie: other=1; ${cookie}\r\n`))).toBe(200);
    expect(statusOf(await get('/', `Cookie: ${cookie}x\r\n`))).toBe(403);
    const socket = `GET /socket HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\n${upgrade}Cookie: ${cookie}\r\n\r\n`;
    expect(statusOf(await send(socket))).toBe(403);
  });

  it('are answered with the same security headers whatever the status', async () => {
    const put = `PUT /?token=${token} HTTP/1.1\r\nHost: ${address.host}\r\nConnection: close\r\n\r\n`;
    const asUpgrade = `GET / HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\n${upgrade}\r\n`;
    const answers = [
      await get('/'),
      await get('/absent'),
      await send(put),
      await send(asUpgrade),
      await get(`/?token=${token}`),
    ];
    expect(answers.map(statusOf)).toEqual([403, 404, 405, 403, 200]);
    for (const answer of answers) {
      for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy']) {
        expect(answer.toLowerCase()).toContain(`\r\n${name}: `);
      }
    }
  });

  it('to upgrade, reset as soon as they are sent, end alone', async () => {
    const asUpgrade = `GET /socket HTTP/1.1\r\nHost: ${address.host}\r\nConnection: Upgrade\r\n${upgrade}\r\n`;
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 20 }, () => send(asUpgrade, { reset: true })));
    }
    expect(statusOf(await get(`/?token=${token}`))).toBe(200);
    expect(uncaught).toEqual([]);
  });
});

describe('messages of a client with the token', () => {
  it('whose name is no text are refused', async () => {
    const client = await open();
    for (const name of [
      { toString: 1, valueOf: 2 },
      ['app.info'],
      null,
      5,
      new Uint8Array(3),
      '__proto__',
      'toString',
    ]) {
      const answer = await say(client, pack({ type: 'call', id: 1, name }));
      expect(answer).toMatchObject({ id: 1, answer: { ok: false, failure: { code: 'badUsage' } } });
    }
    client.terminate();
    expect(uncaught).toEqual([]);
  });

  it('that are no messages close the socket alone', async () => {
    const nested = `{"type":"call","id":1,"name":"app.info","argument":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const bytes = new TextEncoder().encode(nested);
    const deep = Buffer.concat([new Uint8Array(new Uint32Array([bytes.length]).buffer), bytes]);
    for (const message of [pack({ type: 'call', id: {} }), pack([]), new Uint8Array(3), deep]) {
      expect(await say(await open(), message)).toBe(1007);
    }
    expect(uncaught).toEqual([]);
  });

  it('with arguments nested too deeply are refused', async () => {
    const client = await open();
    let argument: unknown = 1;
    for (let level = 0; level < 500; level++) argument = { search: argument };
    const answer = await say(client, pack({ type: 'call', id: 7, name: 'runs.list', argument }));
    expect(answer).toMatchObject({ id: 7, answer: { ok: false, failure: { code: 'badUsage' } } });
    client.terminate();
  });

  it('forget no more than an upload, whatever the path', async () => {
    const client = await open();
    const here = process.env['TORCHWRIGHT_HOME']!;
    await mkdir(path.join(here, 'uploads', 'set'), { recursive: true });
    for (const end of [
      '/uploads/../x',
      '/uploads/..',
      '/uploads',
      '/uploads/.',
      '/uploads/set/../..',
      '/uploads//..//x',
    ]) {
      await say(client, pack({ type: 'call', id: 1, name: 'data.forget', argument: { source: here + end } }));
      expect(await readdir(path.join(here, 'uploads')), end).toEqual(['set']);
    }
    await say(client, pack({ type: 'call', id: 1, name: 'data.forget', argument: { source: `${here}/uploads/set` } }));
    expect(await readdir(path.join(here, 'uploads'))).toEqual([]);
    expect((await stat(path.join(here, 'runs.sqlite'))).isFile()).toBe(true);
    client.terminate();
  });
});

describe('a server whose home cannot be opened', () => {
  it('ends, and leaves its port', async () => {
    const file = path.join(home, 'file');
    await writeFile(file, '');
    process.env['TORCHWRIGHT_HOME'] = path.join(file, 'home');
    const { port } = await listening(0);
    const failing = serve({ host: '127.0.0.1', port, token, pages: home });
    await expect(failing).rejects.toMatchObject({ failure: { code: 'notWritable' } });
    process.env['TORCHWRIGHT_HOME'] = path.join(home, 'home');
    expect(await listening(port)).toEqual({ port });
  });
});

/** Listens for a moment: at a port that is free, or throws. */
async function listening(wanted: number): Promise<{ port: number }> {
  const other = createServer();
  await new Promise<void>((resolve, reject) => other.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  return { port };
}
