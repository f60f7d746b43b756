/** What other places use of this one. */

export { default as ClassPictures } from './ClassPictures.vue';
export { useDatasets } from './dataset-store.ts';
export { useOwnData } from './own-data-store.ts';
