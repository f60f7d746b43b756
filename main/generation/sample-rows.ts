import type { SampleWish } from '../../core/contract/samples.ts';
import type { Plan } from '../../core/training/plan.ts';
import { fail } from '../failures.ts';

/** The classes of which there is a row of images each; null where the generator knows none. */
export function sampleRows({ adversarial, data }: Plan, wish: SampleWish): readonly number[] | null {
  const { class: only } = wish;
  if (adversarial === null) fail('badUsage', 'The run has no generator, so it cannot make images.');
  if (!adversarial.conditional) {
    if (only !== undefined) fail('badUsage', 'The generator is not conditional: it makes images from noise alone.');
    return null;
  }
  if (only === undefined) return Array.from({ length: data.classes }, (_, label) => label);
  if (only >= data.classes)
    fail('badUsage', `There is no class ${only}: the data have ${data.classes} classes, counted from 0.`);
  return [only];
}
