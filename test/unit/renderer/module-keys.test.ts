import { expect, it } from 'vitest';
import { duplicateModules, insertModules, removeModules } from '../../../core/editing/modules.ts';
import { emptyProject } from '../../../core/project/empty-project.ts';
import type { Project } from '../../../core/project/project.ts';
import { moduleKeys } from '../../../renderer/features/design/module-keys.ts';

const at = (index: number) => `networks.main.children[${index}]`;
const project: Project = {
  ...emptyProject,
  networks: { main: { type: 'Sequential', children: [{ type: 'ReLU' }, { type: 'Tanh' }, { type: 'Sigmoid' }] } },
};
const all = [0, 1, 2].map(at);

it('keeps the key of a module wherever an edit and its undo move it', () => {
  const { keyOf, follow } = moduleKeys();
  const [relu, tanh, sigmoid] = all.map(keyOf);
  const { project: more } = duplicateModules(project, [at(0)]);
  follow(project, more);
  expect([keyOf(at(0)), keyOf(at(2)), keyOf(at(3))]).toEqual([relu, tanh, sigmoid]);
  expect([relu, tanh, sigmoid]).not.toContain(keyOf(at(1)));
  follow(more, project);
  expect(all.map(keyOf)).toEqual([relu, tanh, sigmoid]);
});

it('gives no key twice, through changes between which nothing is drawn too', () => {
  const { keyOf, follow } = moduleKeys();
  const keys = all.map(keyOf);
  const { project: less } = removeModules(project, [at(0)]);
  const { project: least } = removeModules(less, [at(0)]);
  follow(project, less);
  follow(less, least);
  expect(keyOf(at(0))).toBe(keys[2]);
  follow(least, project);
  const again = all.map(keyOf);
  expect(again[2]).toBe(keys[2]);
  expect(new Set([...again, ...keys]).size).toBe(5);
});

it('keeps the key of a place with its container, empty or not', () => {
  const { keyOfPlace, follow } = moduleKeys();
  const residual: Project = {
    ...project,
    networks: { main: { type: 'Sequential', children: [{ type: 'Residual', body: { type: 'ReLU' } }] } },
  };
  const [body, shortcut] = ['.body', '.shortcut'].map((field) => keyOfPlace(at(0) + field));
  expect(body).not.toBe(shortcut);
  const { project: more } = insertModules(residual, { address: at(0), side: 'before' }, [{ type: 'Tanh' }]);
  follow(residual, more);
  expect(['.body', '.shortcut'].map((field) => keyOfPlace(at(1) + field))).toEqual([body, shortcut]);
});
