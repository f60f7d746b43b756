import type { BlockDefinition, NetworkNode } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { blocksUsed } from './walk.ts';

/** Blocks that come with Torchwright; the first use of one puts its definition into the project, where it can be changed. */
export const shippedBlocks: Readonly<Record<string, BlockDefinition>> = {};

/** The project with the definitions of the shipped Blocks that the nodes use; its own of the same name stay. */
export function withShipped(project: Project, nodes: readonly NetworkNode[]): Project {
  const own = project.blocks ?? {};
  const used = blocksUsed(nodes, { ...shippedBlocks, ...own });
  const missing = [...used].filter((name) => !Object.hasOwn(own, name) && Object.hasOwn(shippedBlocks, name));
  if (missing.length === 0) return project;
  const added = missing.map((name) => [name, shippedBlocks[name]!] as const);
  return { ...project, blocks: { ...own, ...Object.fromEntries(added) } };
}
