import type { Failure } from '../../../core/failure.ts';
import { parseForm } from '../../../core/project/parse.ts';
import type { Project } from '../../../core/project/project.ts';

export type ReadProject =
  { readonly ok: true; readonly project: Project } | { readonly ok: false; readonly failure: Failure };

/** A project of whose network or settings something cannot work is opened all the same: that is what the window is for. */
export function readProject(text: string): ReadProject {
  const read = parseForm(text);
  return read.ok ? read : { ok: false, failure: read.failures[0]! };
}
