import type { Project } from '../project/project.ts';

/** `next` without what its recipe's author reported, where `before` had other data: the two would not compare. */
export function withoutForeignFigures(before: Project, next: Project): Project {
  if (before.data.source === next.data.source || next.reference === undefined) return next;
  const rest: { -readonly [Key in keyof Project]: Project[Key] } = { ...next };
  delete rest.reference;
  return rest;
}
