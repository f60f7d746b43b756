import { anyAugmentations } from '../../../../core/catalogue/augmentations/augmentations.ts';
import type { AugmentedImages } from '../../../../core/contract/inspection.ts';
import type { Augment } from '../../../../core/project/project.ts';

export interface AugmentRow {
  readonly name: string;
  readonly augment: Augment;
}

/** The images as they are, each transform alone, and all of them together. */
export function augmentRows(augment: Augment): readonly AugmentRow[] {
  const alone: readonly AugmentRow[] = anyAugmentations
    .filter(({ name }) => augment[name] !== undefined && augment[name] !== false)
    .map(({ name, title }) => ({ name: title, augment: { [name]: augment[name] } }));
  const together = alone.reduce((all: Augment, { augment }) => ({ ...all, ...augment }), {});
  return [
    { name: 'Before', augment: {} },
    ...alone,
    ...(alone.length > 1 ? [{ name: 'All together', augment: together }] : []),
  ];
}

/** With the scaling taken back; what lies beyond black and white is cut off. */
export function shownBytes({ images, scale, offset }: AugmentedImages, inputShape: readonly number[]): Uint8Array {
  const [channels = 1, height = 1, width = 1] = inputShape;
  const plane = height * width;
  const bytes = new Uint8ClampedArray(images.length);
  for (let at = 0; at < images.length; at++) {
    const channel = Math.floor(at / plane) % channels;
    bytes[at] = (images[at]! - offset[channel]!) / scale[channel]!;
  }
  return new Uint8Array(bytes.buffer);
}
