// Runs that earlier versions of Torchwright have written: they are shown, evaluated and resumed as before.

import { cp, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishedEvent } from '../../core/figures/published.ts';
import { RunIndex } from '../../main/runs/run-index.ts';
import { readStoredRun } from '../cases/stored-runs/read.ts';
import type { ShownRun } from '../cases/stored-runs/read.ts';
import { homeFolder, printed, run, useTemporaryHome } from './command.ts';

useTemporaryHome('file');
const cases = path.join(import.meta.dirname, '..', 'cases', 'stored-runs');
const versions = (await readdir(cases, { withFileTypes: true })).filter((each) => each.isDirectory());

describe.each(versions.map(({ name }) => name))('of %s', async (version) => {
  const expected = JSON.parse(
    await readFile(path.join(cases, version, 'expected.json'), 'utf8'),
  ) as readonly (ShownRun & {
    readonly row: { readonly id: string; readonly project: string };
    readonly evaluated: unknown;
  })[];
  const named = (project: string) => expected.find(({ row }) => row.project === project)!;
  let index: RunIndex;

  beforeAll(async () => {
    await cp(path.join(cases, version, 'home'), homeFolder(), { recursive: true });
    process.env['TORCHWRIGHT_HOME'] = homeFolder();
    index = await RunIndex.open();
  });
  afterAll(() => index.close());

  it('all are listed, the newest first', async () => {
    const listed = await run('runs', '--json');
    expect(JSON.parse(`[${listed.stdout.trim().split('\n').join(',')}]`)).toMatchObject(
      expected.map(({ row: { id, name, project, status, epochs, epochsDone } }) => {
        return { run: id, name, project, status, epochs, epochsDone };
      }),
    );
  });

  it.each(expected.map((each) => [each.row.project, each] as const))(
    '%s: row, epochs, curves and markers',
    async (_project, of) => {
      const shown = await readStoredRun(index, (await index.get(of.row.id))!);
      const { evaluated } = of;
      const read = { ...(JSON.parse(JSON.stringify(shown)) as ShownRun), evaluated };
      expect({ ...read, steps: measured(read.steps) }).toEqual({ ...of, steps: measured(of.steps) });
    },
  );

  it.each(['flowers', 'prices'])('%s is evaluated to the same figures, but for rounding', async (project) => {
    const { row, evaluated } = named(project);
    const ended = await run('evaluate', row.id, '--checkpoint', 'best', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expectSameButRounding(printed(ended), evaluated);
  });

  it.each(['flowers', 'prices'])('%s makes predictions of its last checkpoint anew', async (project) => {
    const { row } = named(project);
    await rm(path.join(homeFolder(), 'runs', row.id, 'predictions'), { recursive: true });
    const ended = await run('evaluate', row.id, '--checkpoint', 'last', '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(printed(ended)).toHaveLength(1);
  });

  it('dots generates images', async () => {
    const ended = await run('samples', named('dots').row.id, '--out', path.join(homeFolder(), 'made.png'));
    expect(ended.code, ended.stderr).toBe(0);
  });

  it.each(expected.map(({ row }) => [row.project, row.id] as const))(
    '%s is resumed to more epochs',
    async (project, id) => {
      const ended = await run('resume', id, '--epochs', '7', '--threads', '1', '--json');
      expect(ended.code, ended.stderr).toBe(0);
      const finished = printed(ended).flatMap((event) => (event.event === 'epochFinished' ? [event] : []));
      const before = named(project).row['epochsDone'] as number;
      expect(finished.map(({ epoch }) => epoch)).toEqual(
        Array.from({ length: 7 - before }, (_, at) => before + 1 + at),
      );
      const epochs = index.epochs.of(id).map((epoch) => publishedEvent(epoch));
      expect(epochs).toHaveLength(7);
      const old = named(project).epochs as readonly object[];
      expect(epochs.slice(0, before)).toEqual(old.map((epoch) => ({ ...epoch, epochs: 7 })));
    },
  );
});

/** Copied checkpoints are new files: their predictions are made anew, on a processor that may round in another way. */
function expectSameButRounding(made: unknown, wanted: unknown, at = ''): void {
  if (typeof made === 'number' && typeof wanted === 'number') {
    expect(Math.abs(made - wanted), at).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted)));
  } else if (typeof made === 'object' && typeof wanted === 'object' && made !== null && wanted !== null) {
    expect(Object.keys(made), at).toEqual(Object.keys(wanted));
    const before = new Map(Object.entries(wanted));
    for (const [name, value] of Object.entries(made)) expectSameButRounding(value, before.get(name), `${at}.${name}`);
  } else {
    expect(made, at).toEqual(wanted);
  }
}

/** Versions differ in the curves that they know beside. */
function measured(steps: ShownRun['steps']): ShownRun['steps'] {
  return Object.fromEntries(Object.entries(steps).filter(([, values]) => values.some((value) => value !== null)));
}
