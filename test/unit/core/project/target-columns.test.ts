import { expect, it } from 'vitest';
import { targetColumns } from '../../../../core/project/target-columns.ts';

const names = ['a', 'b', 'big', 'small', 'Price, EUR', 'Price'];

it.each<[string | readonly string[] | undefined, readonly string[]]>([
  [undefined, []],
  ['big', ['big']],
  [
    ['big', 'small'],
    ['big', 'small'],
  ],
  ['big, small', ['big', 'small']],
  ['big,small', ['big', 'small']],
  ['Price, EUR', ['Price, EUR']],
  ['a, Price, EUR, b', ['a', 'Price, EUR', 'b']],
  ['Price, a', ['Price', 'a']],
  ['big, smal', ['big, smal']],
  ['other', ['other']],
])('%j means %j', (asked, columns) => {
  expect(targetColumns(asked, names)).toEqual(columns);
});
