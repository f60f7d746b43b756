/** What other places use of this one. */

export { useEvaluation } from './evaluation-store.ts';
export { default as LookPanel } from './look/LookPanel.vue';
export { default as RawPicture } from './look/RawPicture.vue';
export { newestOnly } from './look/newest-only.ts';
