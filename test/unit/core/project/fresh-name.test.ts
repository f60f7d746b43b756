import { expect, it } from 'vitest';
import { freshName, isUnnamed } from '../../../../core/project/empty-project.ts';

it.each([
  [[], 'untitled'],
  [['mnist-conv'], 'untitled'],
  [['untitled'], 'untitled 2'],
  [['untitled', 'untitled 2', 'untitled 4'], 'untitled 3'],
])('after projects called %j a new one is called %s', (taken, expected) => {
  const name = freshName(new Set(taken));
  expect(name).toBe(expected);
  expect(isUnnamed({ name })).toBe(true);
});

it.each(['untitled work', 'untitled 2b', 'my untitled', 'flowers'])('%s is a name that somebody gave', (name) => {
  expect(isUnnamed({ name })).toBe(false);
});
