import { addressAt, rootOf, spotAt, treeOf, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { replaceNode } from '../network/edit.ts';
import { nodeAt } from '../network/node-path.ts';
import type { BlockNode, NetworkNode } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { checked } from './checked.ts';
import type { Edited } from './edited.ts';
import { mapExpressions, substitute } from './expressions.ts';
import { refusal } from './selected.ts';

/**
 * Puts what a Block's definition says in the place of one instance, its arguments in the place of the parameters.
 * Names in the state dict stay: the instance has no level of its own there.
 */
export function inlineBlock(project: Project, address: Address): Edited {
  const { tree, path } = spotAt(address);
  const instance = nodeAt(treeOf(project, tree), path);
  if (instance.type !== 'Block' || !('block' in instance)) {
    throw refusal(`${instance.type} at ${address} is not an instance of a Block.`, address);
  }
  const body = bodyOf(project, instance, address);
  const next = withTree(project, tree, (root) => replaceNode(root, path, body));
  return checked(project, { project: next, selection: [addressAt(rootOf(address), path)] });
}

function bodyOf(project: Project, instance: BlockNode, address: Address): NetworkNode {
  const { blocks = {} } = project;
  if (!Object.hasOwn(blocks, instance.block)) {
    throw refusal(`There is no Block "${instance.block}" in this project.`, address);
  }
  const definition = blocks[instance.block]!;
  const bindings = new Map(
    definition.parameters.map(({ name, default: standard }) => {
      const value = instance.arguments?.[name] ?? standard;
      if (value === undefined) throw refusal(`"${instance.block}" at ${address} needs a value for "${name}".`, address);
      return [name, value];
    }),
  );
  const body = mapExpressions(definition.body, (text) => substitute(text, bindings));
  return withSettingsOf(instance, body);
}

/** The instance's name counts, not the body's; of frozen and initialisers the body's are nearer to the parameters. */
function withSettingsOf({ name, frozen, initialise }: BlockNode, body: NetworkNode): NetworkNode {
  const rules = [...(body.initialise ?? []), ...(initialise ?? [])];
  const isFrozen = body.frozen ?? frozen;
  const fields = {
    ...body,
    name,
    frozen: isFrozen,
    initialise: rules.length === 0 ? undefined : rules,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as NetworkNode;
}
