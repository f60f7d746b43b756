import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectSocket } from '../../core/contract/socket.ts';

const repository = path.join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { version: string };
let program: ChildProcess;
let address: URL;

beforeAll(async () => {
  program = spawn(process.execPath, ['setup/run.mjs', 'dev'], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: program.stderr! });
  const printed: string[] = [];
  for await (const line of lines) {
    printed.push(line);
    const found = /http:\S+/.exec(line);
    if (found !== null) {
      address = new URL(found[0]);
      return;
    }
  }
  throw new Error(`npm run dev printed no address: ${printed.join('\n')}`);
});
afterAll(async () => {
  const end = once(program, 'exit');
  program.kill('SIGTERM');
  await end;
});

it('sends the window from its sources, which tell the browser when they change', async () => {
  const page = await (await fetch(address)).text();
  expect(page).toContain('/@vite/client');
  expect(page).toContain('src="/app/main.ts"');
});

it('hands the window’s calls on to a workbench that runs from its sources', async () => {
  const transport = connectSocket(`ws://${address.host}/socket`, address.searchParams.get('token')!);
  try {
    await new Promise<void>((resolve) => {
      transport.onConnection((isConnected) => isConnected && resolve());
    });
    const answer = await transport.call('app.info', undefined);
    expect(answer).toMatchObject({ ok: true, value: { version } });
  } finally {
    transport.close();
  }
});
