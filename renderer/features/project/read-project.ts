import type { Failure } from '../../../core/failure.ts';
import { parseProject } from '../../../core/project/parse.ts';
import type { Project } from '../../../core/project/project.ts';
import { projectSchema } from '../../../core/project/schema/project.ts';

export type ReadProject =
  { readonly ok: true; readonly project: Project } | { readonly ok: false; readonly failure: Failure };

/** A project of whose network or settings something cannot work is opened all the same: that is what the window is for. */
export function readProject(text: string): ReadProject {
  const whole = parseProject(text);
  if (whole.ok) return whole;
  const inForm = projectSchema.safeParse(documentOf(text));
  return inForm.success ? { ok: true, project: inForm.data } : { ok: false, failure: whole.failures[0]! };
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
