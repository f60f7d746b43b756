import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseDevice } from '../../../main/engine/choose-device.ts';
import { listRecipes, openProject } from '../../../main/projects/open-project.ts';
import { recipesFolder } from '../../../main/paths.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function copyWithSource(source: string): Promise<string> {
  const recipe = JSON.parse(await readFile(path.join(recipesFolder, 'mnist-logit.json'), 'utf8')) as {
    data: { source: string };
  };
  const file = path.join(folder, 'project.json');
  await writeFile(file, JSON.stringify({ ...recipe, data: { ...recipe.data, source } }));
  return file;
}

describe('opening a project', () => {
  it('every built-in recipe opens by its name, and is named after its file', async () => {
    const names = await listRecipes();
    expect(names).toContain('mnist-logit');
    for (const name of names) expect((await openProject(name)).name).toBe(name);
  });

  it('a folder of data is meant from the file that names it, or from where --set is given', async () => {
    await mkdir(path.join(folder, 'digits'));
    const file = await copyWithSource('digits');
    expect((await openProject(file)).data.source).toBe(path.join(folder, 'digits'));
    const assigned = await openProject(file, [{ path: 'data.source', value: 'elsewhere' }]);
    expect(assigned.data.source).toBe(path.resolve('elsewhere'));
    expect((await openProject(await copyWithSource('mnist'))).data.source).toBe('mnist');
  });

  it('later assignments win', async () => {
    const project = await openProject('mnist-logit', [
      { path: 'recipe.epochs', value: '3' },
      { path: 'recipe.epochs', value: '4' },
    ]);
    expect(project.recipe.epochs).toBe(4);
  });

  it('a recipe that is not known is answered with the nearest', async () => {
    await expect(openProject('mnist-lojit')).rejects.toMatchObject({
      failure: { advice: 'Did you mean mnist-logit?' },
    });
  });
});

describe('the device', () => {
  const cpu = { id: 'cpu', name: 'processor', totalMemory: null, freeMemory: null };
  const cuda = { ...cpu, id: 'cuda:0' };

  it('is the first CUDA device where there is one', () => {
    expect(chooseDevice('auto', [cpu, cuda])).toBe('cuda:0');
    expect(chooseDevice('auto', [cpu])).toBe('cpu');
    expect(chooseDevice('cuda', [cpu, cuda])).toBe('cuda:0');
    expect(chooseDevice('cpu', [cpu, cuda])).toBe('cpu');
  });

  it('is refused by name where it is not there', () => {
    expect(() => chooseDevice('cuda', [cpu])).toThrow(/cuda.*cpu/);
    expect(() => chooseDevice('cuda:1', [cpu, cuda])).toThrow('cuda:1');
  });
});
