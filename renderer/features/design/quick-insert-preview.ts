import type { Shape } from '../../../core/catalogue/shape.ts';
import { insertModules } from '../../../core/editing/modules.ts';
import type { Target } from '../../../core/editing/target.ts';
import { FailureError } from '../../../core/failure.ts';
import { networkOf } from '../../../core/network/address.ts';
import { projectFacts } from '../../../core/project/project-facts.ts';
import type { NetworkNode } from '../../../core/network/tree.ts';
import type { Project } from '../../../core/project/project.ts';

export interface Chip {
  readonly title: string;
  /** Of one sample; undefined where the network cannot work up to here. */
  readonly output: Shape | undefined;
  readonly isFaulty: boolean;
}

/** What would be inserted, and what would come out of each. */
export function previewOf(
  project: Project,
  /** Shape of one sample of its data; undefined: not known. */
  sample: Shape | undefined,
  target: Target,
  nodes: readonly NetworkNode[],
): readonly Chip[] {
  try {
    const { project: next, selection } = insertModules(project, target, nodes);
    const facts = sample && projectFacts(next, sample, networkOf(target.address));
    return nodes.map((node, index) => {
      const address = selection[index];
      const output = address === undefined ? undefined : facts?.modules.get(address)?.output;
      return { title: titleOf(node), output, isFaulty: address !== undefined && facts?.faulty === address };
    });
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return nodes.map((node) => ({ title: titleOf(node), output: undefined, isFaulty: false }));
  }
}

function titleOf(node: NetworkNode): string {
  return 'block' in node ? node.block : node.type;
}
