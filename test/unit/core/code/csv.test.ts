import { expect, test } from 'vitest';
import { csv } from '../../../../core/code/csv.ts';

test('fields with commas, quotes and line breaks are quoted, lines end with CR LF (RFC 4180)', () => {
  const rows = [
    ['name', 'output', 'parameters'],
    ['a "b"', '[1, 2]', 30],
    ['two\nlines', '', -1.5],
  ];
  expect(csv(rows)).toBe('name,output,parameters\r\n"a ""b""","[1, 2]",30\r\n"two\nlines",,-1.5\r\n');
});
