import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { baselinesFolder } from './excerpts.ts';

interface AfterRun {
  readonly scale: number;
  readonly skipped: number;
  readonly gradient: number | null;
}

interface LossScale {
  readonly runs: readonly (readonly [value: string, times: number])[];
  readonly found: readonly AfterRun[];
  readonly fixed: readonly AfterRun[];
}

const { runs, found, fixed } = JSON.parse(
  await readFile(path.join(baselinesFolder, 'loss-scale.json'), 'utf8'),
) as LossScale;

test('the scale that is found grows, falls and leaves steps out as that of torch.amp.GradScaler', () => {
  expect(afterRuns()).toEqual(found);
  expect(found.map(({ skipped }) => skipped > 0)).toContain(false);
  expect(new Set(found.map(({ scale }) => scale)).size).toBeGreaterThan(4);
});

test('a fixed scale stays, and leaves the same steps out', () => {
  expect(afterRuns(128)).toEqual(fixed);
});

/** What is left after each run of equal gradients. */
function afterRuns(scale?: number): AfterRun[] {
  const values = runs.flatMap(([value, times]) => new Array<number>(times).fill(numberOf(value)));
  const { scales, isFinite, gradients } = loadAddon().scaleLosses(Float32Array.from(values), scale);
  let end = 0;
  return runs.map(([, times]) => {
    const begin = end;
    end += times;
    const gradient = gradients[end - 1]!;
    return {
      scale: scales[end - 1]!,
      skipped: isFinite.slice(begin, end).filter((taken) => taken === 0).length,
      gradient: Number.isFinite(gradient) ? Number(gradient.toPrecision(9)) : null,
    };
  });
}

function numberOf(text: string): number {
  return text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
}
