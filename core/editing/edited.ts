import type { Address } from '../network/address.ts';
import type { Project } from '../project/project.ts';

/** What an edit makes: the project, and which modules are selected then, in the order of the tree. */
export interface Edited {
  readonly project: Project;
  readonly selection: readonly Address[];
}
