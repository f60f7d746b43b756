import type { ClassFigures } from './class-figures.ts';
import type { Confusion } from './confusion.ts';

/** A confusion as a sentence: "49 of 982 images of 4 (5.0 %) are predicted as 9." */
export function confusionSentence(
  { label, predicted, count }: Confusion,
  figures: readonly ClassFigures[],
  nameOf: (label: number) => string,
): string {
  const { samples } = figures[label]!;
  const share = ((count / samples) * 100).toFixed(1);
  const verb = count === 1 ? 'is' : 'are';
  return `${count} of ${samples} of class ${nameOf(label)} (${share} %) ${verb} predicted as ${nameOf(predicted)}`;
}
