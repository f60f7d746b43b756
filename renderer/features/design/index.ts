/** What other places use of this one. */

export { default as PaletteThumbnail } from './PaletteThumbnail.vue';
export { useDesign } from './design-store.ts';
