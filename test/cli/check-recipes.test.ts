import { expect, it } from 'vitest';
import { listRecipes } from '../../main/projects/open-project.ts';
import { run, useTemporaryHome } from './command.ts';

useTemporaryHome();

interface Checked {
  readonly recipe: string;
  readonly isGood: boolean;
}

it('one step of every recipe agrees with Python PyTorch', async () => {
  const { code, stdout, stderr } = await run('recipes', '--check', '--json');
  const checked = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Checked);
  expect(
    checked.filter(({ isGood }) => !isGood),
    stderr,
  ).toEqual([]);
  expect(checked.map(({ recipe }) => recipe)).toEqual(await listRecipes());
  expect(code).toBe(0);
});
