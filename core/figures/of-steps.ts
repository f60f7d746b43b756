import { declareStepFigures } from './figure.ts';

/** Figures of single steps, in the order of their charts. */
export const stepFigures = declareStepFigures([
  {
    name: 'learningRate',
    of: 'step',
    title: 'Learning rate',
    format: 'number',
    label: 'rate',
    colour: 3,
    epochTitle: 'Learning rate',
  },
  {
    name: 'imagesPerSecond',
    of: 'step',
    title: 'Speed',
    unit: 'samples/s',
    better: 'higher',
    format: 'count',
    label: 'samples/s',
    colour: 4,
    epochTitle: 'Samples per second',
  },
  /**
   * L2 norm of all gradients, accumulated, before clipping: of this one step, no mean. On a GPU of the step reported
   * before.
   */
  { name: 'gradientNorm', of: 'step', title: 'Gradient norm', format: 'number', label: 'norm', colour: 6 },
]);

export type StepFigureName = (typeof stepFigures)[number]['name'];
