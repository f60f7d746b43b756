import { expect, test } from 'vitest';
import { Refusal } from '../../../../core/catalogue/refusal.ts';
import { evaluateExpression, parseExpression } from '../../../../core/network/expression.ts';

const scope = new Map([
  ['out', 64],
  ['groups', 3],
]);

// Values by Python, with out = 64 and groups = 3.
test.each([
  ['4*out', 256],
  ['out // groups', 21],
  ['out / 4', 16],
  ['-out % groups', 2],
  ['-7 // 2', -4],
  ['2 + 3 * 4', 14],
  ['(2 + 3) * 4', 20],
  ['10 - 4 - 3', 3],
  ['100 / 5 / 2', 10],
  ['--out', 64],
  [' out ', 64],
  ['1.5 * 2', 3],
])('%s is %d', (text, value) => {
  expect(evaluateExpression(parseExpression(text), scope)).toBe(value);
});

test.each(['', '4*', '(out', 'out)', '2 out', 'out.channels', 'f(2)', '2 ** 3', '4 * * 2', 'a;b', '"1"'])(
  '"%s" is refused',
  (text) => {
    expect(() => parseExpression(text)).toThrow(Refusal);
  },
);

test('a name that is no parameter is refused with the nearest', () => {
  expect(() => evaluateExpression(parseExpression('2*group'), scope)).toThrow(/"group".*Did you mean "groups"/);
});
