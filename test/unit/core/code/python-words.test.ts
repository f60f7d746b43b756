import { expect, test } from 'vitest';
import { helperClasses } from '../../../../core/code/python-helpers.ts';
import { pythonName } from '../../../../core/code/python-words.ts';

test('no Block takes the name of what its code is written with', () => {
  for (const name of Object.keys(helperClasses)) expect(pythonName(name)).toBe(`${name}_`);
  expect(pythonName('Stage')).toBe('Stage');
});
