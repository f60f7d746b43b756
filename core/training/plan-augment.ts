import { anyAugmentations } from '../catalogue/augmentations/augmentations.ts';
import type { DecidedAugment } from '../catalogue/augmentations/augmentations.ts';
import { decide } from '../catalogue/derive/decide.ts';
import type { Augment } from '../project/project.ts';

/** What is switched on, with every option. */
export function planAugment(augment: Augment): DecidedAugment {
  const planned: Record<string, unknown> = {};
  for (const { name, options } of anyAugmentations) {
    const written = augment[name];
    if (options === null) planned[name] = written === true;
    else if (typeof written === 'object') planned[name] = decide(options, written);
  }
  return planned as unknown as DecidedAugment;
}
