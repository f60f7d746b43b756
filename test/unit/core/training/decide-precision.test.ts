import { expect, it } from 'vitest';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import { parseProject } from '../../../../core/project/parse.ts';
import type { Project } from '../../../../core/project/project.ts';
import {
  decideByRecipe,
  decidePrecision,
  hasBfloat16,
  isPrecisionOpen,
  withPrecision,
} from '../../../../core/training/decide-precision.ts';
import { automaticPrecision, decisionOf } from '../../../../core/training/explain-choices.ts';
import { smallDigits } from '../../../small-digits.ts';

const open: Project = { ...emptyProject, recipe: { ...emptyProject.recipe, precision: 'auto' } as Project['recipe'] };

const times = (float32: number, bfloat16: number) =>
  decidePrecision({ kind: 'measured', stepSeconds: { float32, bfloat16 } });

it('bfloat16 must be 1.3 times as fast', () => {
  expect(times(0.0129, 0.01).precision).toBe('float32');
  expect(times(0.013, 0.01).precision).toBe('bfloat16');
  expect(times(0.01, 0.02).precision).toBe('float32');
  const { reason, stepSeconds } = times(0.0183, 0.0122);
  expect(reason).toMatch(/18\.3 ms.* 12\.2 ms.* 1\.50 times/);
  expect(stepSeconds).toEqual({ float32: 0.0183, bfloat16: 0.0122 });
  // What is told as 1.30 times is taken.
  expect(times(1.296, 1)).toMatchObject({
    precision: 'bfloat16',
    reason: expect.stringMatching(/1\.30 times/) as string,
  });
});

it('float32 is decided without a measurement, with a reason', () => {
  expect(decideByRecipe({ ...open.recipe, optimizer: { type: 'LBFGS' } })).toMatchObject({
    ...{ precision: 'float32', stepSeconds: null },
    reason: expect.stringMatching(/LBFGS/) as string,
  });
  expect(decideByRecipe(open.recipe)).toBeNull();
  expect(decidePrecision({ kind: 'noInstructions' })).toMatchObject({ precision: 'float32', stepSeconds: null });
  expect(decidePrecision({ kind: 'failed', message: 'It broke.' })).toMatchObject({
    ...{ precision: 'float32', stepSeconds: null },
    reason: expect.stringMatching(/It broke\./) as string,
  });
});

it.each([
  [['avx2', 'avx512_f'], false],
  [['avx512_f', 'avx512_bf16'], true],
  [['amx_tile'], false],
  [['amx_tile', 'amx_bf16'], true],
  [['neon'], false],
  [['neon', 'bf16'], true],
] as const)('%j: hardware for bfloat16: %s', (instructions, has) => {
  expect(hasBfloat16(instructions)).toBe(has);
});

it('only a recipe that says auto is open, and what was decided is written out', () => {
  expect(isPrecisionOpen(open)).toBe(true);
  expect(isPrecisionOpen(emptyProject)).toBe(false);
  const decided = withPrecision(open, times(2, 1));
  expect(decided.recipe).toMatchObject({ precision: 'bfloat16' });
  expect(isPrecisionOpen(decided)).toBe(false);
  expect(withPrecision(open, null)).toBe(open);
});

it('a choice keeps the decision', () => {
  for (const decision of [times(2, 1), times(1, 1), decidePrecision({ kind: 'noInstructions' })])
    expect(decisionOf([automaticPrecision(decision)])).toEqual(decision);
  expect(decisionOf([{ about: 'precision', chosen: 'bfloat16', reason: 'The recipe sets it.' }])).toBeNull();
  expect(decisionOf([])).toBeNull();
});

it('a loss scale belongs to float16 and not to auto', () => {
  const text = (recipe: object): string =>
    JSON.stringify({ ...smallDigits, recipe: { ...smallDigits.recipe, precision: 'auto', ...recipe } });
  expect(parseProject(text({})).ok).toBe(true);
  expect(parseProject(text({ lossScale: 1024 }))).toMatchObject({ ok: false });
  expect(parseProject(text({ precision: 'automatic' }))).toMatchObject({ ok: false });
});
