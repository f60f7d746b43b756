import { callNames } from '../../core/contract/names.ts';
import type { CallName } from '../../core/contract/contract.ts';
import type { SocketTransport } from '../../core/contract/socket.ts';
import type { Ground, Victim } from './victim.ts';

type Draw = () => number;

/** Calls that start engines or fetch from the network on a well-formed argument as short as these. */
const leftOut = new Set<CallName>(['devices.list', 'data.get', 'app.info']);

/**
 * Arguments that a handler could stumble over: paths, odd numbers, wrong types, huge and nested values. Not the root of
 * the disk: reading all of it for pictures is a long answer and no fault.
 */
function argumentOf(ground: Ground, draw: Draw): unknown {
  const pick = <Element>(elements: readonly Element[]): Element => elements[Math.floor(draw() * elements.length)]!;
  const paths = [
    ...['', '.', '..', '/etc/passwd', '/proc/self/environ', 'C:\\x', '\0', 'a\0b', 'x'.repeat(5000), '~'],
    ...[ground.secret, `${ground.home}/uploads/../x`, `${ground.home}/uploads`, `${ground.home}/../secret`],
    ...[
      `${ground.home}/projects/../../secret`,
      `${ground.home}/uploads/../../secret`,
      '../../secret',
      'file:///etc/passwd',
    ],
  ];
  const scalars = [
    null,
    true,
    0,
    -1,
    1e21,
    0.5,
    Number.MAX_SAFE_INTEGER,
    '',
    'mnist-logit',
    '__proto__',
    'constructor',
    '漢😀',
  ];
  const arrays = [new Uint8Array(9), new Int32Array([-1, 5]), new Int32Array([2 ** 31 - 1]), new Float32Array(3)];
  const value = (depth: number): unknown => {
    const kind = draw();
    if (kind < 0.35) return pick(paths);
    if (kind < 0.65) return pick(scalars);
    if (kind < 0.75) return pick(arrays);
    if (depth === 0) return 'end';
    if (kind < 0.85) return Array.from({ length: draw() * 4 }, () => value(depth - 1));
    return Object.fromEntries(Array.from({ length: 1 + draw() * 3 }, () => [pick(fields), value(depth - 1)]));
  };
  const fields = [
    'run',
    'runs',
    'file',
    'source',
    'name',
    'text',
    'key',
    'of',
    'question',
    'kind',
    'toString',
    '__proto__',
  ];
  const fitting: readonly (() => unknown)[] = [
    () => undefined,
    () => value(3),
    () => ({ source: pick(paths) }),
    () => ({ source: pick(paths), settings: {} }),
    () => ({ file: pick(paths) }),
    () => ({ file: pick(paths), text: pick(paths) }),
    () => ({ name: pick(paths), text: String(pick(scalars)), replace: pick([true, false]) }),
    () => ({ name: pick(paths), bytes: pick([0, 5, 1e9, 1e15]) }),
    () => ({ run: pick(['a', 'a-b', '..', pick(paths)]) }),
    () => ({ runs: [pick(['a', '..']), pick(scalars)] }),
    () => ({ run: 'a', format: pick(['onnx', 'html', pick(paths)]), checkpoint: 'best' }),
    () => ({ key: pick(['k', pick(paths)]), file: pick(paths), name: pick(paths), text: pick(paths) }),
    () => ({ upload: pick(paths), parts: [{ path: pick(paths), at: 0, content: new Uint8Array(5) }] }),
    () => ({ of: { source: pick(paths) }, split: 'train', indices: pick(arrays) }),
    () => ({ projectText: pick(paths), device: 'cpu', from: pick(paths) }),
    () => ({
      projectText: `{"format":"torchwright-project","version":1,"networks":{"main":${'['.repeat(draw() * 5000)}`,
      device: 'cpu',
    }),
    () => ({ offset: pick([0, -1, 1e15]), limit: pick([0, 5, 1e9]), search: pick(paths) }),
  ];
  return pick(fitting)();
}

export interface CallOutcome {
  readonly sent: number;
  /** Connections that the server closed. */
  readonly lost: number;
  /** Refusals that name a mistake of the program. */
  readonly mistakes: readonly string[];
}

export async function attackCalls(
  victim: Victim,
  ground: Ground,
  count: number,
  draw: Draw,
  isOver: () => boolean,
): Promise<CallOutcome> {
  const names = callNames.filter((name) => !leftOut.has(name));
  const transports: SocketTransport[] = [];
  const mistakes = new Set<string>();
  let [sent, lost] = [0, 0];
  const work = async (): Promise<void> => {
    const transport = victim.connect();
    transports.push(transport);
    let wasConnected = false;
    transport.onConnection((isConnected) => {
      if (wasConnected && !isConnected) lost += 1;
      wasConnected = isConnected;
    });
    while (sent < count && victim.deaths === 0 && !isOver()) {
      sent += 1;
      const name = names[Math.floor(draw() * names.length)]!;
      const answer = await transport.call(name, argumentOf(ground, draw));
      if (!answer.ok && answer.failure.code === 'internal') mistakes.add(`${name}: ${answer.failure.message}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  const outcome = { sent, lost, mistakes: [...mistakes] };
  for (const transport of transports) transport.close();
  return outcome;
}
