/** What other places use of this one. */

export { default as GeneratedPictures } from './GeneratedPictures.vue';
export { default as GeneratorPanels } from './GeneratorPanels.vue';
export { useRevision } from './use-revision.ts';
export { useRunPictures } from './use-run-pictures.ts';
