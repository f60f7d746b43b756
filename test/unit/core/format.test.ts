import { expect, it } from 'vitest';
import { bytes, count, counted, duration, percent, shortCount, significant } from '../../../core/format.ts';

it('a number stands before one thing or several', () => {
  expect([0, 1, 2, 1234].map((value) => counted(value, 'epoch'))).toEqual([
    ...['0 epochs', '1 epoch', '2 epochs', '1,234 epochs'],
  ]);
  expect([1, 2].map((value) => counted(value, 'class', 'classes'))).toEqual(['1 class', '2 classes']);
});

it('numbers are grouped, shares and sizes have units', () => {
  expect(count(1_234_567)).toBe('1,234,567');
  expect([0.924, null].map(percent)).toEqual(['92.40 %', '–']);
  expect([0, 999, 1500, 54_900_000, 184_000_000].map(bytes)).toEqual(['0 B', '999 B', '1.5 kB', '54.9 MB', '184 MB']);
});

it('a duration that is not zero is never written as zero', () => {
  const seconds = [0, 0.0002, 0.0043, 0.094, 0.095, 0.2, 9.94, 9.96, 42, 59.6, 187, 3599.7, 3753];
  expect(seconds.map(duration)).toEqual([
    ...['0.0 s', '1 ms', '4 ms', '94 ms', '0.1 s', '0.2 s', '9.9 s', '10 s'],
    ...['42 s', '1 min 00 s', '3 min 07 s', '1 h 00 min', '1 h 03 min'],
  ]);
});

it.each([
  [0, '0'],
  [999, '999'],
  [7850, '7.85 k'],
  [124_605, '125 k'],
  [1e8, '100 M'],
  [999_600_000, '1 G'],
  [1_234_567_890, '1.23 G'],
  [174_000_012_307, '174 G'],
  [3e13, '30 T'],
])('shortens %d', (value, text) => expect(shortCount(value)).toBe(text));

it('an error has four significant digits in any unit', () => {
  expect([0, 0.9111, 0.00012346, 1.2346e-7, -42.123456, 1_234_567_890].map(significant)).toEqual([
    ...['0', '0.9111', '0.0001235', '1.235e-7', '-42.12', '1.235e+9'],
  ]);
});
