import path from 'node:path';
import { judge } from '../../../core/evaluation/judgement.ts';
import { mismatchesOf, sorted } from '../../../core/evaluation/sample-order.ts';
import type { SampleSort } from '../../../core/evaluation/sample-order.ts';
import { sampleTable } from '../../../core/evaluation/tables.ts';
import { readPixels } from '../../datasets/read-pixels.ts';
import { mismatchGrid } from '../../evaluation/mismatch-grid.ts';
import type { Mismatch } from '../../evaluation/mismatch-grid.ts';
import { plannedRun } from '../../evaluation/planned-run.ts';
import { predictionsOfRun } from '../../evaluation/predictions-of-run.ts';
import type { PredictionSettings } from '../../evaluation/predictions-of-run.ts';
import { sampleSourcesOf } from '../../evaluation/sample-sources-of.ts';
import { readGlyphs } from '../../evaluation/text.ts';
import { fail } from '../../failures.ts';
import { replaceFile } from '../../files.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count } from '../format.ts';
import type { Output } from '../output.ts';
import { runNamed } from './run-named.ts';

export interface MismatchSettings extends PredictionSettings {
  /** A PNG, or a CSV by its ending. */
  readonly out: string;
  readonly sort: SampleSort;
  /** Only images of this class. */
  readonly class?: string;
  /** Only images that are predicted as this class. */
  readonly predicted?: string;
  /** The former name of `predicted`. */
  readonly said?: string;
}

export async function mismatches(output: Output, name: string, settings: MismatchSettings): Promise<ExitCode> {
  const run = await runNamed(name, output);
  const { predictions } = await predictionsOfRun(run, settings);
  const { plan, classNames } = await plannedRun(run);
  if (predictions.targets !== null) refuse(run.id, 'the mismatch grid is available for classification runs only');
  const judgement = judge(predictions);
  const label = labelOf(settings.class, classNames);
  const predicted = labelOf(settings.predicted ?? settings.said, classNames);
  const isWanted = (sample: number): boolean =>
    (label === null || judgement.labels[sample] === label) &&
    (predicted === null || judgement.predicted[sample] === predicted);
  const samples = sorted(mismatchesOf(judgement).filter(isWanted), settings.sort, judgement);
  const file = path.resolve(settings.out);
  if (file.endsWith('.csv')) {
    const nameOf = (of: number): string => classNames[of] ?? String(of);
    await replaceFile(
      file,
      sampleTable(samples, predictions, judgement, nameOf, await sampleSourcesOf(run, plan.data.test)),
    );
  } else {
    const pixels = await readPixels(plan.data.test, plan.inputShape, samples);
    if (pixels === null) refuse(run.id, 'its test samples are numbers, not images');
    const drawn = imagesOf(pixels, plan.inputShape, samples, judgement);
    await replaceFile(file, mismatchGrid(drawn, classNames, await readGlyphs()));
  }
  if (output.isJson) output.json({ event: 'mismatchesWritten', run: run.id, file, mismatches: samples.length });
  else output.line(`${count(samples.length)} misclassified test images of ${run.id} written to ${file}`);
  return exitCodes.done;
}

function imagesOf(
  pixels: Uint8Array,
  [channels = 1, height = 1, width = 1]: readonly number[],
  samples: Int32Array,
  { labels, predicted }: ReturnType<typeof judge>,
): readonly Mismatch[] {
  const size = channels * height * width;
  return Array.from(samples, (sample, place) => {
    const image = { pixels: pixels.subarray(place * size, (place + 1) * size), channels, height, width };
    return { label: labels[sample]!, judged: predicted[sample]!, image };
  });
}

function labelOf(name: string | undefined, classNames: readonly string[]): number | null {
  if (name === undefined) return null;
  const label = classNames.indexOf(name);
  if (label < 0)
    fail('badUsage', `There is no class '${name}'. The classes are ${classNames.join(', ')}.`, { at: name });
  return label;
}

function refuse(run: string, reason: string): never {
  return fail('unavailable', `Cannot draw the mismatches of ${run}: ${reason}.`, {
    at: run,
    advice: `torchwright evaluate ${run}`,
  });
}
