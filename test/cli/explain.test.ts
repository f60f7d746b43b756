import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Choice } from '../../core/training/explain-choices.ts';
import { homeFolder, run, useTemporaryHome } from './command.ts';

useTemporaryHome();

const once = ['train', 'mnist-logit', '--epochs', '1', '--threads', '1', '--seed', '1'];

it('tells what was chosen for a training and why, and keeps it with the run', async () => {
  const ended = await run(...once, '--explain', '--json');
  const events = ended.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly event: string; readonly run?: string; readonly choices?: Choice[] });
  const { choices } = events.find(({ event }) => event === 'choicesMade')!;
  expect(choices!.map(({ about, chosen }) => [about, chosen]).slice(1)).toEqual([
    ['threads', '1'],
    ['precision', 'float32'],
    ['memoryFormat', 'contiguous'],
  ]);
  const id = events.find(({ event }) => event === 'runStarted')!.run!;
  const record = await readFile(path.join(homeFolder(), 'runs', id, 'run.json'), 'utf8');
  expect((JSON.parse(record) as { readonly choices: unknown }).choices).toEqual(choices);

  const resumed = await run('resume', id, '--epochs', '2', '--explain');
  expect(resumed.stdout).toMatch(/^Memory format +contiguous +\S/m);
  expect(resumed.code).toBe(0);
});

it('says nothing of it where nobody asks, and keeps it all the same', async () => {
  const ended = await run(...once);
  expect(ended.stdout).not.toMatch(/Memory format/);
  const [id] = ended.stdout.split('\n');
  expect(await readFile(path.join(homeFolder(), 'runs', id!, 'run.json'), 'utf8')).toMatch(/memoryFormat/);
});
