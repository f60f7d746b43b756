import { anyAugmentations } from '../catalogue/augmentations/augmentations.ts';
import { decide } from '../catalogue/derive/decide.ts';
import { FailureError } from '../failure.ts';
import type { Augment } from '../project/project.ts';
import type { InputValues } from './plan-normalise.ts';

/** Throws a FailureError where an image is too small for what is done to it. */
export function refuseMisfittingAugment(
  augment: Augment,
  inputShape: readonly number[],
  values: InputValues = { kind: 'bytes' },
): void {
  const [first] = Object.keys(augment);
  if (first !== undefined && (values.kind !== 'bytes' || inputShape.length !== 3)) {
    refuse(`data.augment.${first}`, 'is for images, but the samples are not images');
  }
  const [, height = 1, width = 1] = inputShape;
  for (const { name, options, misfit } of anyAugmentations) {
    const written = augment[name];
    if (options === null || misfit === undefined || typeof written !== 'object') continue;
    const found = misfit(decide(options, written), { height, width });
    if (found !== null) refuse(`data.augment.${name}.${found.option}`, found.sentence);
  }
}

function refuse(at: string, sentence: string): never {
  throw new FailureError({ code: 'badProject', message: `${at} ${sentence}.`, at });
}
