import { FailureError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { checkTrees } from '../network/check-trees.ts';
import type { Project } from '../project/project.ts';
import type { Edited } from './edited.ts';

/** The outcome of an edit, unless it breaks what was whole: then the first thing that it breaks is thrown. */
export function checked(before: Project, edited: Edited): Edited {
  const after = failuresOf(edited.project);
  if (after.length === 0) return edited;
  const known = failuresOf(before).map(withoutPlace);
  for (const failure of after) {
    const index = known.indexOf(withoutPlace(failure));
    if (index < 0) throw new FailureError(failure);
    known.splice(index, 1);
  }
  return edited;
}

function failuresOf(project: Project): readonly Failure[] {
  return checkTrees(project.networks, project.blocks ?? {});
}

/** An edit moves modules about: a failure is known again by its sentence, not by where it stands. */
function withoutPlace({ message }: Failure): string {
  return message.replaceAll(/\b(networks|blocks)\.[\w.[\]/]+/g, '');
}
