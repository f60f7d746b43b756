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
    refuse(`data.augment.${first}`, 'is for images; the samples here are none');
  }
  const [, height = 1, width = 1] = inputShape;
  const smaller = Math.min(height, width);
  const { crop, cutout } = augment;
  if (crop?.mode === 'reflect' && crop.padding >= smaller) {
    refuse(
      'data.augment.crop.padding',
      `mirrors ${crop.padding} pixels, images of ${height}×${width} allow ${smaller - 1}`,
    );
  }
  if (cutout !== undefined && cutout.size > smaller) {
    refuse('data.augment.cutout.size', `is ${cutout.size}, larger than images of ${height}×${width}`);
  }
}

function refuse(at: string, sentence: string): never {
  throw new FailureError({ code: 'badProject', message: `${at} ${sentence}.`, at });
}
