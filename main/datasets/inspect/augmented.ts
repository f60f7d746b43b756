import type { AugmentedImages, AugmentQuery } from '../../../core/contract/inspection.ts';
import { planAugment } from '../../../core/training/plan-augment.ts';
import { refuseMisfittingAugment } from '../../../core/training/check-augment.ts';
import { planNormalise } from '../../../core/training/plan-normalise.ts';
import type { OpenEngine } from '../../engine/engine-host.ts';
import type { StayingEngine } from '../../engine/staying-engine.ts';
import { fail } from '../../failures.ts';
import { locateDataset } from '../datasets.ts';
import { readPixels } from '../read-pixels.ts';
import { inspectionOf } from './inspection-of.ts';

/** What a training with these settings makes of some training images. */
export async function augmented(
  { of, normalise, augment, indices, seed }: AugmentQuery,
  engine: StayingEngine,
  openEngine: OpenEngine,
): Promise<AugmentedImages> {
  const { train, inputShape, values } = await locateDataset(of);
  refuseMisfittingAugment(augment, inputShape, values);
  const pixels = await readPixels(train, inputShape, indices);
  if (pixels === null) fail('unavailable', 'These samples are not images, so they cannot be augmented.');
  // The engine measures mean and deviation as it loads the data; here they are known from having looked at them.
  const measured = async () => {
    const { statistics } = await inspectionOf(of, { onProgress: () => undefined }, openEngine);
    return planNormalise(normalise, inputShape[0]!, { ...values, statistics });
  };
  const planned = planNormalise(normalise, inputShape[0]!, values);
  const known = planned.kind === 'computed' ? await measured() : planned;
  if (known.kind === 'computed') throw new Error('the statistics are known');
  const { scale, offset } = known;
  const settings = { augment: planAugment(augment), scale, offset, shuffle: true };
  const question = { kind: 'augment', pixels, shape: inputShape, settings, seed } as const;
  const subject = {
    key: 'images',
    begin: () => Promise.resolve({ job: { kind: 'augment' } as const, gone: () => undefined }),
  };
  const { answer } = await engine.ask(subject, question);
  return { images: answer as Float32Array, scale, offset };
}
