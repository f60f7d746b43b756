import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Project } from '../../../core/project/project.ts';
import { readRunProject } from '../../../main/runs/run-folder.ts';
import { RunIndex } from '../../../main/runs/run-index.ts';
import { createRun } from '../../../main/runs/runs.ts';
import { readBegunProject, recordChanges } from '../../../main/training/record-changes.ts';
import { smallDigits } from '../../small-digits.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_HOME'] = home;
});
afterEach(async () => {
  delete process.env['TORCHWRIGHT_HOME'];
  await rm(home, { recursive: true, force: true });
});

it('a run whose rate was changed while it was paused keeps what it began with', async () => {
  const index = await RunIndex.open();
  const settings = { project: 'digits', seed: 1, epochs: 1, threads: 1, device: 'cpu' };
  const run = await createRun(index, { ...settings, projectText: JSON.stringify(smallDigits) });
  index.close();
  expect(await readBegunProject(run)).toBeNull();
  for (const rate of [0.01, 0.001]) await recordChanges(run, { schedule: { type: 'Constant', rate } });
  const rateOf = (text: string | null) => (JSON.parse(text!) as Project).recipe.schedule;
  expect(rateOf(await readBegunProject(run))).toEqual({ type: 'Constant', rate: 0.004 });
  expect(rateOf(await readRunProject(run))).toEqual({ type: 'Constant', rate: 0.001 });
});
