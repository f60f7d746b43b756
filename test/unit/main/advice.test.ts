import { afterEach, expect, it, vi } from 'vitest';
import type { Failure } from '../../../core/failure.ts';
import { parseProject } from '../../../core/project/parse.ts';
import { serialiseProject } from '../../../core/project/serialise.ts';
import { setPath } from '../../../core/project/set-path.ts';
import { Output } from '../../../main/cli/output.ts';
import { divergenceFailure } from '../../../main/training/divergence.ts';
import { smallDigits } from '../../small-digits.ts';

const diverged = { where: 'train', epoch: 1, step: 3, learningRate: 0.02, kept: null, cause: null } as const;
const failure = divergenceFailure(diverged, { type: 'Constant', rate: 0.02 }, { clip: null });

afterEach(() => vi.restoreAllMocks());

/** What a terminal shows of it. */
function printed(told: Failure): string {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  new Output(false).failed(told);
  return written.mock.calls.map(([text]) => String(text)).join('');
}

it('every setting that is proposed against a divergence is named in the advice, and a project can have it', () => {
  expect(failure.settings).toHaveLength(3);
  for (const { at, value } of failure.settings!) {
    expect(failure.advice).toContain(at);
    const changed = setPath(JSON.parse(serialiseProject(smallDigits)), at, JSON.stringify(value));
    if (!changed.ok) throw new Error(changed.failures[0]?.message);
    expect(parseProject(JSON.stringify(changed.document)).ok).toBe(true);
  }
});

it('proposes only what a recipe has not', () => {
  const schedule = { type: 'List', rates: [1, 2], warmup: { steps: 3 } } as const;
  const nothing = divergenceFailure(diverged, schedule, { clip: { kind: 'norm', at: 1 } });
  expect(nothing.settings).toEqual([]);
  expect(printed(nothing)).toContain(nothing.advice);
  expect(printed(nothing)).not.toContain('Options');
});

it('is written as options in a terminal, as a shell takes them', () => {
  const shown = printed(failure);
  expect(shown).toContain('--set recipe.schedule.rate=0.002');
  expect(shown).toContain(`--set 'recipe.clip={"kind":"norm","at":1}'`);
  expect(printed({ ...failure, settings: [{ at: 'name', value: "it's" }] })).toContain(
    String.raw`--set 'name="it'\''s"'`,
  );
  expect(printed({ code: 'notFound', message: 'It is gone.', command: 'torchwright data get mnist' })).toContain(
    'torchwright data get mnist',
  );
});
