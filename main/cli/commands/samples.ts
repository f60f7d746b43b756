import { elementCount } from '../../../core/catalogue/shape.ts';
import { randomInt } from 'node:crypto';
import path from 'node:path';
import type { SampleWish } from '../../../core/contract/samples.ts';
import type { WalkWay } from '../../../core/generation/noise-walk.ts';
import { plannedRun } from '../../evaluation/planned-run.ts';
import { fail } from '../../failures.ts';
import { replaceFile } from '../../files.ts';
import { sampleAnimation, samplePicture } from '../../generation/sample-pictures.ts';
import { samplesOfRun } from '../../generation/samples-of-run.ts';
import type { RunRow } from '../../runs/run-index.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count } from '../format.ts';
import type { Output } from '../output.ts';
import { runNamed } from './run-named.ts';

export interface SampleOptions {
  readonly out: string;
  readonly count?: number;
  readonly seed?: number;
  readonly class?: number;
  readonly walkTo?: number;
  readonly frames: number;
  readonly way: WalkWay;
  readonly device?: string;
}

/** Draws what the generator of a run's last checkpoint makes: a PNG of a fresh batch, or a GIF of a walk between two noises. */
export async function samples(output: Output, name: string, options: SampleOptions): Promise<ExitCode> {
  const { walkTo, seed = randomInt(2 ** 31) } = options;
  const wanted = walkTo === undefined ? '.png' : '.gif';
  if (path.extname(options.out).toLowerCase() !== wanted) {
    fail(
      'badUsage',
      `--out ${options.out}: ${walkTo === undefined ? 'a batch' : 'an interpolation'} is written as ${wanted}.`,
    );
  }
  const run = await runNamed(name, output);
  const machine = options.device === undefined ? {} : { device: options.device };
  const wish = { ...wishOf(options), seed, count: options.count ?? (await standardCount(run)) };
  const made = await samplesOfRun(run, wish, machine);
  const file = path.resolve(options.out);
  await replaceFile(file, walkTo === undefined ? samplePicture(made) : sampleAnimation(made));
  const size = elementCount(made.imageShape);
  const images = made.pixels.length / made.frames / size;
  if (output.isJson) {
    output.json({ event: 'samples', run: run.id, epoch: made.epoch, seed, images, frames: made.frames, file });
  } else {
    const frames = walkTo === undefined ? '' : `, ${made.frames} interpolation frames to seed ${walkTo} and back`;
    output.line(
      `${run.id} after epoch ${made.epoch}: ${count(images)} images from latents of seed ${seed}${frames}: ${file}`,
    );
  }
  return exitCodes.done;
}

function wishOf(options: SampleOptions): Omit<SampleWish, 'seed' | 'count'> {
  const { walkTo, frames, way } = options;
  return {
    ...(options.class === undefined ? {} : { class: options.class }),
    ...(walkTo === undefined ? {} : { walk: { toSeed: walkTo, frames, way } }),
  };
}

/** A row of each class, or a square. */
async function standardCount(run: RunRow): Promise<number> {
  const { plan } = await plannedRun(run);
  return plan.adversarial?.conditional === true ? 10 : 100;
}
