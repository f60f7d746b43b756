/** What other places use of this one. */

export { default as RunPicker } from './RunPicker.vue';
export { useRunNames } from './run-names.ts';
export { runTitle } from './run-title.ts';
export { useRuns } from './runs-store.ts';
