import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { watchSilence } from '../../../main/engine/watch-silence.ts';

const lookEvery = 100;
const mostLooks = 5;
const begun: ChildProcess[] = [];

afterEach(() => {
  for (const child of begun.splice(0)) child.kill('SIGKILL');
});

describe.skipIf(process.platform !== 'linux')('a process that sends nothing', () => {
  test('is ended where it does nothing', async () => {
    const child = begin([process.execPath, '-e', 'setInterval(() => {}, 1000)']);
    const watch = watched(child);
    await once(child, 'exit');
    expect(watch.isSilent()).toBe(true);
    watch.end();
  });

  // Only root may give it a processor however busy the machine is.
  test.skipIf(process.getuid?.() !== 0)('is ended where it runs all the time', async () => {
    const child = begin(spinning);
    setPriority(child.pid!, constants.priority.PRIORITY_HIGHEST / 2);
    const watch = watched(child);
    await once(child, 'exit');
    expect(watch.isSilent()).toBe(true);
    watch.end();
  });

  test('is left alone where others have the processor', async () => {
    const [core] = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' }).stdout.match(
      /\d+(?=\D*$)/,
    )!;
    const starved = begin(['taskset', '-c', core, ...spinning]);
    setPriority(starved.pid!, constants.priority.PRIORITY_LOW);
    for (let neighbours = 0; neighbours < 3; neighbours++) begin(['taskset', '-c', core, ...spinning]);
    await sleep(300);
    const watch = watched(starved);
    await sleep(2 * lookEvery * mostLooks);
    expect(watch.isSilent()).toBe(false);
    expect(starved.exitCode).toBeNull();
    watch.end();
  });
});

const spinning = [process.execPath, '-e', 'for (;;);'];

function begin([program, ...args]: readonly string[]): ChildProcess {
  const child = spawn(program!, args, { stdio: 'ignore' });
  begun.push(child);
  return child;
}

function watched(child: ChildProcess) {
  return watchSilence(
    { pid: Promise.resolve(child.pid!), kill: () => void child.kill('SIGKILL') },
    lookEvery,
    mostLooks,
  );
}
