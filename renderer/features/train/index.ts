/** What other places use of this one. */

export { weightWords } from './outcome-words.ts';
export { adversarialSeries } from './run-series.ts';
export { useTraining } from './training-store.ts';
