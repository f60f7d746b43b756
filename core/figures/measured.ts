import type { EpochFigure } from './figure.ts';
import { epochFigures } from './of-epochs.ts';
import type { EpochFigureName } from './of-epochs.ts';
import { stepFigures } from './of-steps.ts';
import type { StepFigureName } from './of-steps.ts';

/**
 * Figures of a set of samples by name; what does not apply is absent, as accuracy of a regression. Of adversarial training
 * `loss` is the discriminator's, and of an epoch's training both losses are medians over its iterations, while it runs
 * the means so far.
 */
export type Measured = { readonly loss: number } & { readonly [Name in EpochFigureName]?: number };

/** Figures of one step by name; what was not measured is absent. */
export type StepValues = { readonly learningRate: number; readonly imagesPerSecond: number } & {
  readonly [Name in StepFigureName]?: number;
};

/** What is kept of a step. */
export type StoredName = EpochFigureName | StepFigureName;
export const storedNames: readonly StoredName[] = [
  ...epochFigures.filter(({ isOfStepsToo }) => isOfStepsToo === true).map(({ name }) => name),
  ...stepFigures.map(({ name }) => name),
];

export type ValuesAtStep = Readonly<Partial<Record<StoredName, number>>>;

export function valuesAtStep(step: StepValues & { readonly train: Measured }): ValuesAtStep {
  return { ...step.train, ...pick(step, stepFigures) };
}

/** The values of figures among other fields; of what is no number nothing. */
export function pick<Name extends string>(
  from: object,
  figures: readonly { readonly name: Name }[],
): { readonly [Each in Name]?: number } {
  const values: { [Each in Name]?: number } = {};
  for (const { name } of figures) {
    const value = (from as Readonly<Record<string, unknown>>)[name];
    if (typeof value === 'number') values[name] = value;
  }
  return values;
}

/** Only the figures, of something that has them among other fields. */
export function measuredIn(from: Measured): Measured {
  return { ...pick(from, epochFigures), loss: from.loss };
}

export interface Score {
  readonly figure: EpochFigure<EpochFigureName>;
  readonly value: number;
}

/** What epochs and runs are compared by; null of adversarial training, whose losses only say how two networks stand. */
export function scoreOf(measured: Partial<Measured>): Score | null {
  for (const figure of epochFigures) {
    const value = measured[figure.name];
    if (figure.isScore === true && value !== undefined) return { figure, value };
  }
  return null;
}

/** What the score of test samples is called: `test accuracy`, `test RMSE`. */
export function testScoreName(test: Partial<Measured>): string {
  const figure = scoreOf(test)?.figure;
  return figure === undefined ? 'test loss' : `test ${figure.abbreviation ?? figure.short}`;
}

/** By how much a value is better than another one of the same figure; negative: worse. */
export function gainOf({ better }: Pick<EpochFigure, 'better'>, now: number, before: number): number {
  return better === 'higher' ? now - before : before - now;
}
