import { expect, it } from 'vitest';
import { storedNames } from '../../../../core/figures/measured.ts';
import type { Measured } from '../../../../core/figures/measured.ts';
import { epochFigures } from '../../../../core/figures/of-epochs.ts';
import { stepFigures } from '../../../../core/figures/of-steps.ts';
import { published, publishedSchema } from '../../../../core/figures/published.ts';

it('no two figures have the same name', () => {
  const names = [...epochFigures, ...stepFigures].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  // They stand among other fields of events.
  for (const taken of ['event', 'run', 'epoch', 'epochs', 'step', 'steps', 'train', 'secondsLeft', 'samples']) {
    expect(names).not.toContain(taken);
  }
  expect(new Set(storedNames).size).toBe(storedNames.length);
});

it.each<[string, Measured, object]>([
  ['a classifier', { loss: 0.5, accuracy: 0.75 }, { loss: 0.5, accuracy: 0.75 }],
  [
    'a regression',
    { loss: 0.5, meanAbsolute: 1, rootMeanSquare: 2 },
    { loss: 0.5, accuracy: null, errors: { meanAbsolute: 1, rootMeanSquare: 2 } },
  ],
  ['two networks', { loss: 0.5, generatorLoss: 2 }, { loss: 0.5, accuracy: null, generatorLoss: 2 }],
])('figures of %s keep the form in which they have always been printed', (_, measured, form) => {
  const text = JSON.stringify(published(measured));
  expect(text).toBe(JSON.stringify(form));
  expect(publishedSchema.parse(JSON.parse(text))).toEqual(measured);
});

it('a figure that is not known is left out, and what is no figure is refused', () => {
  expect(publishedSchema.parse({ loss: 1, accuracy: 0.5, ofTomorrow: 3 })).toEqual({ loss: 1, accuracy: 0.5 });
  expect(publishedSchema.safeParse({ accuracy: 0.5 }).success).toBe(false);
  expect(publishedSchema.safeParse({ loss: 1, accuracy: null, errors: { meanAbsolute: 1 } }).success).toBe(false);
});
