/** What other places use of this one. */

export { weightWords } from './outcome-words.ts';
export { epochSize } from './running-mean.ts';
export { adversarialSeries, stepSeries, trainSeries } from './run-series.ts';
export { StepPoints } from './step-points.ts';
export { useTraining } from './training-store.ts';
