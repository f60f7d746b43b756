import { fail } from '../failures.ts';
import { replaceFile } from '../files.ts';
import type { RunRow } from '../runs/run-index.ts';
import { judgements } from './confusion.ts';
import { judgeRun } from './judge-run.ts';
import type { JudgeSettings } from './judge-run.ts';
import { mismatchGrid } from './mismatch-grid.ts';
import type { Mismatch } from './mismatch-grid.ts';
import { readGlyphs } from './text.ts';

/** Writes the grid of a run's misclassified test images; returns how many there are. */
export async function writeMismatches(
  run: RunRow,
  settings: Omit<JudgeSettings, 'withMismatches'>,
  file: string,
): Promise<number> {
  const { judged, classNames, inputShape } = await judgeRun(run, { ...settings, withMismatches: true });
  const { labels, probabilities, classes, mismatches } = judged;
  const isDrawn = inputShape.length === 3 && mismatches !== null;
  if (!isDrawn || (mismatches.pixels.length === 0 && mismatches.indices.length > 0)) {
    fail('unavailable', `The test samples of ${run.id} are numbers, not images: there is nothing to draw.`, {
      at: run.id,
      advice: `torchwright evaluate ${run.id}`,
    });
  }
  const [channels = 1, height = 0, width = 0] = inputShape;
  const size = channels * height * width;
  const said = judgements(probabilities, classes);
  const list = Array.from(mismatches.indices, (sample, position): Mismatch => {
    const pixels = mismatches.pixels.subarray(position * size, (position + 1) * size);
    return { label: labels[sample] ?? 0, judged: said[sample] ?? 0, image: { pixels, channels, height, width } };
  });
  await replaceFile(file, mismatchGrid(list, classNames, await readGlyphs()));
  return list.length;
}
