import type { Failure } from '../../../core/failure.ts';
import type { Project } from '../../../core/project/project.ts';

/** What a project has to get before it can be checked at all: its data, then a network. Null: it has both. */
export function nextStepOf({ data, networks: { main } }: Project): Failure | null {
  if (data.source === '') {
    return { code: 'badProject', message: 'Choose a data set for this project.', at: 'data.source' };
  }
  if ('children' in main && main.children.length === 0) {
    return { code: 'badNetwork', message: 'Add modules to the network.', at: 'networks.main' };
  }
  return null;
}
