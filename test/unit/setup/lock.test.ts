import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const lockModule = new URL('../../../setup/lock.mjs', import.meta.url).href;

describe('the lock of the set-up', () => {
  let cache = '';

  beforeEach(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'torchwright-lock-'));
  });

  afterEach(async () => {
    await rm(cache, { recursive: true });
  });

  /** A process that takes the lock, and while it holds it appends to the log at its beginning and end. */
  function takeLock(holdMilliseconds: number): ChildProcess {
    const program = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { withSharedLock } from ${JSON.stringify(lockModule)};
      await withSharedLock('subject', async () => {
        appendFileSync(process.env.LOG, 'begin ' + process.pid + '\\n');
        await sleep(${holdMilliseconds});
        appendFileSync(process.env.LOG, 'end ' + process.pid + '\\n');
      });`;
    const env = { ...process.env, TORCHWRIGHT_CACHE: cache, LOG: path.join(cache, 'log') };
    return spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: 'ignore' });
  }

  async function log(): Promise<string[]> {
    return (await readFile(path.join(cache, 'log'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  }

  it('is held by one process at a time', async () => {
    const holders = [takeLock(50), takeLock(50), takeLock(50), takeLock(50)];
    for (const [code] of await Promise.all(holders.map((holder) => once(holder, 'exit')))) expect(code).toBe(0);
    const lines = await log();
    expect(lines).toHaveLength(8);
    for (let index = 0; index < lines.length; index += 2) {
      expect(lines[index + 1]).toBe(lines[index]!.replace('begin', 'end'));
    }
    expect(await readdir(path.join(cache, 'locks'))).toEqual([]);
  });

  it('is taken over from a process that was killed', async () => {
    const killed = takeLock(60_000);
    while ((await log()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const [code] = (await once(takeLock(0), 'exit')) as [number];
    expect(code).toBe(0);
    expect(await log()).toHaveLength(3);
  });
});
