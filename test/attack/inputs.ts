import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { pack } from '../../core/contract/pack.ts';
import { socketProtocol } from '../../core/contract/socket.ts';
import { token } from './victim.ts';
import type { Victim } from './victim.ts';

const words = [
  ...[
    '/',
    '//',
    '///',
    '//[',
    '//a:99999/',
    '//%',
    'http://',
    'http://a/',
    '*',
    '?',
    '#',
    '%',
    '%00',
    '%2e%2e',
    '..%2f',
    '\\',
  ],
  ...[
    '..',
    '.',
    'index.html',
    '%69ndex.html',
    'socket',
    '?token=',
    token,
    'token',
    'x',
    ':',
    '@',
    '[',
    ']',
    'ä',
    '\x01',
    ' ',
  ],
  ...['/etc/passwd', 'assets', '%c0%ae', '%u002e', '~', ';', '&', '=', 'a'.repeat(300), '__proto__', 'constructor'],
];
const headers = [
  ...['Upgrade: websocket', 'Upgrade: h2c', 'Connection: Upgrade', 'Connection: keep-alive', 'Expect: 100-continue'],
  ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 99'],
  ...[`Sec-WebSocket-Protocol: ${socketProtocol(token)}`, 'Sec-WebSocket-Protocol: ,,,', 'Sec-WebSocket-Key: x'],
  ...[
    'Cookie: ;;;=;',
    `Cookie: torchwright-page-0=${token}`,
    'Origin: null',
    'Origin: http://evil',
    'Content-Length: 0',
  ],
  ...[
    'Content-Length: -1',
    'Transfer-Encoding: chunked',
    'Range: bytes=0-',
    'Host: evil',
    'X: \x7f',
    `Y: ${'y'.repeat(2000)}`,
  ],
];
const methods = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'OPTIONS',
  'DELETE',
  'CONNECT',
  'TRACE',
  'QUERY',
  'GET\t',
  'get',
];

type Draw = () => number;

function pick<Element>(elements: readonly Element[], draw: Draw): Element {
  return elements[Math.floor(draw() * elements.length)]!;
}

function several(elements: readonly string[], most: number, draw: Draw): string[] {
  return Array.from({ length: Math.floor(draw() * (most + 1)) }, () => pick(elements, draw));
}

/** A request that HTTP's grammar allows, of a target that nobody should ask for. Many of them fit on one connection. */
function request(host: string, draw: Draw): string {
  const target = `/${several(words, 6, draw).join('')}`.replace(/[^!-"$-~]/g, '_');
  return `${draw() < 0.9 ? 'GET' : 'HEAD'} ${target} HTTP/1.1\r\nHost: ${draw() < 0.95 ? host : 'evil'}\r\n\r\n`;
}

/** Anything: a broken request line, contradicting heads, an upgrade, noise. It has a connection of its own. */
function anything(host: string, draw: Draw): string {
  if (draw() < 0.1) return Array.from({ length: 200 }, () => String.fromCharCode(draw() * 256)).join('');
  const target = several(words, 6, draw).join('');
  const head = [`${pick(methods, draw)} ${target} HTTP/${pick(['1.1', '1.0', '2', '9.9', ''], draw)}`];
  if (draw() < 0.9) head.push(`Host: ${host}`);
  head.push(...several(headers, 6, draw));
  const text = `${head.join('\r\n')}\r\n\r\n`;
  return draw() < 0.1 ? text.slice(0, draw() * text.length) : text;
}

/** A message behind the token: no packed message, or one that nobody sends. */
function message(draw: Draw): Uint8Array {
  if (draw() < 0.3) return Uint8Array.from({ length: draw() * 100 }, () => draw() * 256);
  const odd: readonly unknown[] = [
    null,
    1,
    '',
    [],
    {},
    { toString: 1 },
    { $array: ['Uint8Array', 0, 1e9] },
    -1,
    1e300,
    '__proto__',
    true,
  ];
  const type = draw() < 0.7 ? pick(['call', 'listen', 'ignore'], draw) : pick(odd, draw);
  const name = draw() < 0.3 ? 'app.info' : pick(odd, draw);
  return pack({
    type,
    id: draw() < 0.5 ? 1 : pick(odd, draw),
    name,
    event: pick(odd, draw),
    argument: pick(odd, draw),
  });
}

/** Waits no longer than this for an end: what a server keeps open, the client closes. Milliseconds. */
const longest = 2000;

/** How many answers came until the connection was closed, by whichever side. */
function answersOf(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    let answers = 0;
    let timer = setTimeout(() => socket.destroy(), longest);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      // An answer that lies across two pieces may be missed: the count is a lower bound.
      answers += data.toString('latin1').split('HTTP/1.1 ').length - 1;
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), longest);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answers);
    });
  });
}

/** Requests on one connection, until it is closed for one of them: returns how many were answered. */
async function sendAll({ hostname, port, host }: URL, count: number, draw: Draw): Promise<number> {
  const socket = connect({ host: hostname, port: Number(port) });
  const answers = answersOf(socket);
  const requests = Array.from({ length: count }, () => request(host, draw));
  // The last one ends the connection.
  socket.write(`${requests.join('')}GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 'latin1');
  return answers;
}

async function sendOne({ hostname, port, host }: URL, draw: Draw): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port) });
  const answers = answersOf(socket);
  const isReset = draw() < 0.5;
  socket.write(anything(host, draw), 'latin1', () => {
    // A reset may come before, while or after it answers.
    setTimeout(() => (isReset ? socket.resetAndDestroy() : socket.destroy()), draw() * 20);
  });
  await answers;
}

async function sendMessages({ host }: URL, count: number, draw: Draw): Promise<number> {
  let sent = 0;
  const socket = new WebSocket(`ws://${host}/socket`, socketProtocol(token));
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), longest);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(timer);
        resolve();
      });
    socket.on('open', () => {
      for (; sent < count; sent++) socket.send(message(draw), { binary: draw() < 0.95 });
      socket.close();
    });
  });
  return sent;
}

export interface InputOutcome {
  /** Requests that were answered, and broken requests, upgrades and messages that were sent. */
  readonly sent: number;
  readonly requests: number;
  readonly broken: number;
  readonly messages: number;
}

/** Sends so many inputs, several connections at once; fewer only if `isOver` says that time is up. */
export async function attackInputs(
  victim: Victim,
  count: number,
  draw: Draw,
  isOver: () => boolean,
): Promise<InputOutcome> {
  let [requests, broken, messages] = [0, 0, 0];
  const sent = (): number => requests + broken + messages;
  const work = async (): Promise<void> => {
    while (sent() < count && victim.deaths === 0 && !isOver()) {
      const kind = draw();
      if (kind < 0.5) {
        requests += await sendAll(victim.address, 200, draw);
      } else if (kind < 0.95) {
        await sendOne(victim.address, draw);
        broken += 1;
      } else {
        messages += await sendMessages(victim.address, 20, draw);
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return { sent: sent(), requests, broken, messages };
}
