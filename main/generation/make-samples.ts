import { elementCount } from '../../core/catalogue/shape.ts';
import type { SampleWish } from '../../core/contract/samples.ts';
import { noiseWalk } from '../../core/generation/noise-walk.ts';
import type { Plan } from '../../core/training/plan.ts';
import type { Addon, EngineSession } from '../engine/addon.ts';
import { fail } from '../failures.ts';
import { madePixels } from './made-pixels.ts';
import { sampleRows } from './sample-rows.ts';

export interface SampleJob {
  readonly kind: 'samples';
  readonly plan: Plan;
  readonly device: string;
  /** Directory of one checkpoint. */
  readonly checkpoint: string;
  readonly wish: SampleWish;
}

/** Images that the generator makes at once: what lies between its layers is many times as large as they are. */
const atOnce = 250;

/** In the engine process: what the generator of a checkpoint makes, see MadeSamples.pixels. */
export async function makeSamples(job: SampleJob, addon: Addon, stop: AbortSignal): Promise<Uint8Array> {
  const session = await addon.createSession(JSON.stringify(job.plan));
  try {
    await session.loadCheckpoint(job.checkpoint);
    return await imagesOfNoise(session, job, await noiseOf(session, job), stop);
  } finally {
    await session.close();
  }
}

/** Numbers of one sample. */
function noiseSize({ adversarial }: Plan): number {
  return elementCount(adversarial!.noise);
}

/** Frames × samples × numbers. */
async function noiseOf(session: EngineSession, { plan, wish }: SampleJob): Promise<Float32Array> {
  const { seed, count, walk } = wish;
  const begin = await session.drawNoise(count, seed);
  if (walk === undefined) return begin;
  return noiseWalk(begin, await session.drawNoise(count, walk.toSeed), noiseSize(plan), walk);
}

/** Each frame's noise once in every row. */
async function imagesOfNoise(
  session: EngineSession,
  { plan, wish }: SampleJob,
  noise: Float32Array,
  stop: AbortSignal,
): Promise<Uint8Array> {
  const size = noiseSize(plan);
  const rows = sampleRows(plan, wish);
  const ofFrame = wish.count * (rows?.length ?? 1);
  const images = ofFrame * (wish.walk?.frames ?? 1);
  const parts: Uint8Array[] = [];
  for (let first = 0; first < images; first += atOnce) {
    if (stop.aborted) fail('unavailable', 'Generating images was stopped.');
    const places = Array.from({ length: Math.min(atOnce, images - first) }, (_, at) => first + at);
    const given = new Float32Array(places.length * size);
    for (const [at, place] of places.entries()) {
      const sample = Math.floor(place / ofFrame) * wish.count + (place % wish.count);
      given.set(noise.subarray(sample * size, (sample + 1) * size), at * size);
    }
    const classes = rows && Int32Array.from(places, (place) => rows[Math.floor(place / wish.count) % rows.length]!);
    const made = await session.generate(given, classes ?? undefined);
    parts.push(madePixels(made, plan.inputShape, session.describe()));
  }
  return new Uint8Array(Buffer.concat(parts));
}
