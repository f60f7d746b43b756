import { describe, expect, it } from 'vitest';
import { findLayerType } from '../../../core/catalogue/catalogue.ts';
import { numberCheck, optionRefusal } from '../../../renderer/features/design/inspector/option-check.ts';
import { ambiguity, plainNumber, readList, readNumber } from '../../../renderer/ui/number-text.ts';

const convolution = findLayerType('Conv2d')!;

describe('an option while it is typed', () => {
  it('is taken where the catalogue takes it', () => {
    expect(optionRefusal(convolution, 'out_channels', 64, null)).toBeUndefined();
    expect(optionRefusal(convolution, 'kernel_size', [3, 5], null)).toBeUndefined();
    expect(optionRefusal(convolution, 'padding', 'same', null)).toBeUndefined();
  });

  it('is refused in the words of the catalogue', () => {
    expect(optionRefusal(convolution, 'out_channels', 0, null)).toBe('Conv2d needs at least 1 as out_channels, not 0.');
    expect(optionRefusal(convolution, 'stride', 1.5, null)).toBe('Conv2d needs a whole number as stride, not 1.5.');
  });

  it('takes expressions over the parameters of the Block around, and only there', () => {
    expect(optionRefusal(convolution, 'out_channels', '4*out', ['out'])).toBeUndefined();
    expect(optionRefusal(convolution, 'out_channels', '4*ou', ['out'])).toMatch(/parameter of the Block.*"out"/);
    expect(optionRefusal(convolution, 'out_channels', '4*', ['out'])).toMatch(/a number or a name is missing/);
    expect(optionRefusal(convolution, 'out_channels', '4*out', null)).toMatch(/only inside a Block/);
  });

  it('an argument takes any number', () => {
    expect(numberCheck('Basic', null)(-3)).toBeUndefined();
    expect(numberCheck('Basic', null)('wide')).toMatch(/^Basic takes numbers/);
  });
});

describe('a number as it is written', () => {
  it.each([
    ['64', 64],
    [' 0,05 ', 0.05],
    ['1e-5', 1e-5],
    ['1/4', 0.25],
    ['', undefined],
    ['4*out', '4*out'],
    ['out/2', 'out/2'],
    ['1/0', '1/0'],
    ['-', '-'],
  ])('%j is %j', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it('may part its thousands where it is a whole one', () => {
    expect(readNumber('1,000', true)).toBe(1000);
    expect(readNumber('12,500,000', true)).toBe(12_500_000);
    expect(readNumber('0,125', true)).toBe(0.125);
  });

  it('is refused where it may be two', () => {
    expect(readNumber('1,000')).toBe('1,000');
    expect(ambiguity('1,000')).toBe('Write 1000 or 1.000, without a comma.');
    expect(ambiguity('12,500,000')).toBe('Write 12500000, without a comma.');
    for (const clear of ['0,125', '1,5', '1000', '1,0000', 'out,100']) expect(ambiguity(clear)).toBeUndefined();
    expect(ambiguity('1,000', true)).toBeUndefined();
  });

  it('is shown without digits of binary rounding', () => {
    expect(plainNumber(0.1 + 0.2)).toBe('0.3');
    expect(plainNumber(1e-5)).toBe('0.00001');
    expect([1e-6, 3.5e-5, 0.012345].map(plainNumber)).toEqual(['1e-6', '3.5e-5', '0.012345']);
  });
});

describe('a list of numbers as it is written', () => {
  it.each<[string, readonly (number | string)[]]>([
    ['0.1, 0.01', [0.1, 0.01]],
    ['0.1,0.01', [0.1, 0.01]],
    ['1, 5', [1, 5]],
    ['1 5; 2', [1, 5, 2]],
    ['-1,-2', [-1, -2]],
    ['1e-3,5', [0.001, 5]],
    ['1/3,1/3', [1 / 3, 1 / 3]],
    ['0,01; 0,001', [0.01, 0.001]],
    ['0,5; 1,5; 2,0', [0.5, 1.5, 2]],
    ['0,5 1,5e-3', [0.5, 0.0015]],
    ['0,01', [0.01]],
    ['0,01, 0,001', [0.01, 0.001]],
    ['1,', [1]],
    ['', []],
    ['out, 3', ['out', 3]],
  ])('%j is %j', (text, entries) => {
    expect(readList(text)).toEqual({ entries });
  });

  it.each(['1,5', '1,19', '30,60,90', '0,5, 1,5, 2,0', '0,01,0,001', '1,5e-3', '1,000; 2', '1,000'])(
    '%j may be several',
    (text) => {
      expect(readList(text).ambiguity).toMatch(/^Write /);
    },
  );

  it('has no decimal commas where its numbers are whole ones', () => {
    expect(readList('30,60,90', true)).toEqual({ entries: [30, 60, 90] });
    expect(readList('4*out,3', true)).toEqual({ entries: ['4*out', 3] });
    expect(readList('1,000; 2,000', true)).toEqual({ entries: [1000, 2000] });
    expect(readList('1,000', true).ambiguity).toMatch(/^Write /);
  });
});
