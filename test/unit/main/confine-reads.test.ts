import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callNames } from '../../../core/contract/names.ts';
import type { CallName, Handlers } from '../../../core/contract/contract.ts';
import { emptyProject } from '../../../core/project/empty-project.ts';
import { uploadsFolder } from '../../../main/paths.ts';
import { argumentSchemas } from '../../../main/workbench/argument-schemas.ts';
import { confineReads, isConfined } from '../../../main/workbench/confine-reads.ts';

let home: string;
const before = process.env['TORCHWRIGHT_HOME'];
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_HOME'] = home;
  for (const folder of ['mine/set', 'mine2', 'uploads/set']) await mkdir(path.join(home, folder), { recursive: true });
  await writeFile(path.join(home, 'secret.csv'), '');
  await symlink(path.join(home, 'secret.csv'), path.join(home, 'mine', 'link.csv'));
});
afterAll(async () => {
  if (before === undefined) delete process.env['TORCHWRIGHT_HOME'];
  else process.env['TORCHWRIGHT_HOME'] = before;
  await rm(home, { recursive: true });
});

/** Handlers that answer with their own name. */
function answering(): Handlers {
  return Object.fromEntries(callNames.map((name) => [name, () => name])) as unknown as Handlers;
}

describe('a server with --data-folder', () => {
  async function outcome(name: CallName, argument: unknown): Promise<unknown> {
    const handlers = confineReads(answering(), [path.join(home, 'mine')]);
    try {
      return await (handlers[name] as (argument: unknown) => unknown)(argument);
    } catch (error) {
      return (error as { failure: { code: string } }).failure.code;
    }
  }
  const project = (source: string) => JSON.stringify({ ...emptyProject, data: { ...emptyProject.data, source } });

  it('reads there, among the uploads and of the known data sets', async () => {
    for (const source of [
      path.join(home, 'mine'),
      path.join(home, 'mine', 'set'),
      path.join(uploadsFolder(), 'set'),
      'mnist',
    ]) {
      expect(await outcome('data.import', { source })).toBe('data.import');
      expect(await outcome('inspection.images', { of: { source } })).toBe('inspection.images');
      expect(await outcome('training.start', { projectText: project(source) })).toBe('training.start');
    }
    expect(await outcome('training.start', { projectText: project('mnist'), from: 'a-run' })).toBe('training.start');
    expect(await outcome('data.forget', { source: '/anything' })).toBe('data.forget');
  });

  it('reads nowhere else, however the path is written, and does not say whether it exists', async () => {
    const sources = [
      'secret.csv',
      'absent.csv',
      'mine2',
      'mine/../secret.csv',
      'mine/link.csv',
      'mine/set/../../secret.csv',
    ];
    for (const source of [...sources.map((name) => `${home}/${name}`), 'mine', './mine', '/etc/passwd', home]) {
      expect(await outcome('data.preview', { source }), source).toBe('notFound');
      expect(await outcome('data.check', { source }), source).toBe('notFound');
      expect(await outcome('weights.read', { file: source }), source).toBe('notFound');
      expect(await outcome('training.findRate', { subject: { projectText: project(source) } }), source).toBe(
        'notFound',
      );
    }
    const from = path.join(home, 'weights.safetensors');
    expect(await outcome('training.start', { projectText: project('mnist'), from })).toBe('notFound');
  });
});

it('every call that may be given a path is confined, or known to read nothing by it', () => {
  /** Projects lie in their own folder; uploads, forgetting and the projects’ keys are checked where they are used. */
  const others = new Set<string>([
    ...['projects.open', 'projects.save', 'projects.autosave', 'data.forget', 'data.upload'],
    // A theme’s last project is a name to show; steps are numbers.
    ...['settings.write', 'runs.steps'],
    // A file’s name is compared with the names of other documents.
    'projects.hold',
    // A picture’s bytes.
    ...['look.picture'],
  ]);
  const unchecked = callNames.filter((name) => {
    const schema = JSON.stringify(z.toJSONSchema(argumentSchemas[name], { unrepresentable: 'any', io: 'input' }));
    return (
      /"(source|file|files|from|path|folder|projectText)":\{/.test(schema) && !isConfined(name) && !others.has(name)
    );
  });
  expect(unchecked).toEqual([]);
});
