import type { BlockDefinition, NetworkNode } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { refuseBlockName, withBlockName } from './block-names.ts';
import { checked } from './checked.ts';
import type { Edited } from './edited.ts';
import { mapExpressions, substitute } from './expressions.ts';
import { refusal } from './selected.ts';
import { mapNodes, nodesUnder } from './walk.ts';
import { withoutField } from './without-field.ts';
import { counted } from '../format.ts';

export type BlockParameter = BlockDefinition['parameters'][number];

/** All its instances follow. Addresses within the Block change: nothing is selected then. */
export function renameBlock(project: Project, name: string, to: string): Edited {
  definitionNamed(project, name);
  if (name === to) return { project, selection: [] };
  refuseBlockName(to, Object.keys(project.blocks ?? {}));
  const names = new Map([[name, to]]);
  const renamed = everywhere(project, (node) => withBlockName(node, names));
  const entries = Object.entries(renamed.blocks ?? {}).map(
    ([key, definition]) => [key === name ? to : key, definition] as const,
  );
  return checked(project, { project: { ...renamed, blocks: Object.fromEntries(entries) }, selection: [] });
}

/** Refuses while there are instances. */
export function removeBlock(project: Project, name: string): Edited {
  definitionNamed(project, name);
  const count = instancesOf(project, name);
  if (count > 0) {
    throw refusal(`"${name}" is used ${counted(count, 'time')}: remove its instances first.`, `blocks.${name}`);
  }
  const { blocks = {}, ...rest } = project;
  const left = Object.entries(blocks).filter(([key]) => key !== name);
  const next = left.length === 0 ? rest : { ...project, blocks: Object.fromEntries(left) };
  return checked(project, { project: next, selection: [] });
}

function networksOf({ networks: { main, discriminator } }: Project): readonly NetworkNode[] {
  return discriminator === undefined ? [main] : [main, discriminator];
}

function instancesOf(project: Project, name: string): number {
  const trees = [...networksOf(project), ...Object.values(project.blocks ?? {}).map((definition) => definition.body)];
  const isInstance = (node: NetworkNode) => 'block' in node && node.block === name;
  return trees.reduce((count, tree) => count + [...nodesUnder(tree)].filter(isInstance).length, 0);
}

/**
 * Other parameters for a Block. One that only gets another name keeps its arguments and its place in expressions;
 * arguments for one that is gone go too.
 */
export function setBlockParameters(project: Project, name: string, parameters: readonly BlockParameter[]): Edited {
  const definition = definitionNamed(project, name);
  for (const parameter of parameters) refuseParameterName(parameter.name, name);
  const names = renamedParameters(definition.parameters, parameters);
  const body = names.size === 0 ? definition.body : mapExpressions(definition.body, (text) => substitute(text, names));
  const blocks = { ...project.blocks, [name]: { ...definition, parameters, body } };
  const kept = new Set(parameters.map((parameter) => parameter.name));
  const next = everywhere({ ...project, blocks }, (node) => withArguments(node, name, names, kept));
  return checked(project, { project: next, selection: [] });
}

export function refuseParameterName(parameter: string, block: string): void {
  if (/^[A-Za-z_]\w*$/.test(parameter)) return;
  throw refusal(
    `"${parameter}" is not a valid name for a parameter. Use letters, digits and underscores, and do not begin with a digit.`,
    `blocks.${block}.parameters`,
  );
}

/** Old names and new ones where the same place of the list is only called otherwise. */
function renamedParameters(
  before: readonly BlockParameter[],
  after: readonly BlockParameter[],
): ReadonlyMap<string, string> {
  if (before.length !== after.length) return new Map();
  const has = (list: readonly BlockParameter[], name: string) => list.some((parameter) => parameter.name === name);
  const pairs = before.map((parameter, index) => [parameter.name, after[index]!.name] as const);
  return new Map(pairs.filter(([from, to]) => !has(after, from) && !has(before, to)));
}

function withArguments(
  node: NetworkNode,
  block: string,
  names: ReadonlyMap<string, string>,
  kept: ReadonlySet<string>,
): NetworkNode {
  if (node.type !== 'Block' || !('block' in node) || node.block !== block || node.arguments === undefined) return node;
  const entries = Object.entries(node.arguments)
    .map(([name, value]) => [names.get(name) ?? name, value] as const)
    .filter(([name]) => kept.has(name));
  if (entries.length > 0) return { ...node, arguments: Object.fromEntries(entries) };
  return withoutField(node, 'arguments');
}

/** Changes nodes of the network and of all Blocks. */
function everywhere(project: Project, change: (node: NetworkNode) => NetworkNode): Project {
  const { main, discriminator } = project.networks;
  const blocks = Object.entries(project.blocks ?? {}).map(([name, definition]) => {
    const body = mapNodes(definition.body, change);
    return [name, body === definition.body ? definition : { ...definition, body }] as const;
  });
  return {
    ...project,
    networks: {
      main: mapNodes(main, change),
      ...(discriminator && { discriminator: mapNodes(discriminator, change) }),
    },
    ...(project.blocks === undefined ? {} : { blocks: Object.fromEntries(blocks) }),
  };
}

function definitionNamed(project: Project, name: string): BlockDefinition {
  const { blocks = {} } = project;
  if (Object.hasOwn(blocks, name)) return blocks[name]!;
  throw refusal(`There is no Block "${name}" in this project.`, `blocks.${name}`);
}
