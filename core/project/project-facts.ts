import type { Shape } from '../catalogue/shape.ts';
import { treeOf } from '../network/address.ts';
import { factsOf } from '../network/facts.ts';
import type { NetworkFacts } from '../network/facts.ts';
import { resolveNetwork } from '../network/resolve.ts';
import type { Resolution } from '../network/resolve.ts';
import type { NetworkName } from '../network/tree.ts';
import { networkInputs } from './network-inputs.ts';
import type { Project } from './project.ts';

type Networked = Pick<Project, 'networks' | 'blocks' | 'recipe'>;

/** What flows through a network of the project for one sample of data shaped like `sample`. Throws a FailureError where it has no such network. */
export function projectFacts(project: Networked, sample: Shape, name: NetworkName = 'main'): NetworkFacts {
  const root = treeOf(project, `networks.${name}`);
  return factsOf(root, project.blocks ?? {}, networkInputs(project, name, sample), name);
}

/** The same network with everything decided. */
export function resolveProject(project: Networked, sample: Shape, name: NetworkName = 'main'): Resolution {
  const root = treeOf(project, `networks.${name}`);
  return resolveNetwork(root, project.blocks ?? {}, networkInputs(project, name, sample), { name });
}
