import { findLayerType } from '../catalogue/catalogue.ts';
import type { OptionDeclaration } from '../catalogue/option.ts';
import { moduleAt, spotAt, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { setOptions } from '../network/edit.ts';
import { changeAt } from '../network/node-path.ts';
import type { ForkNode, Initialiser, NetworkNode, OptionValue } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { formatPath } from '../project/path.ts';
import { networkNode } from '../project/schema/network.ts';
import { issuePath, sentenceOf } from '../project/schema/sentence.ts';
import { checked } from './checked.ts';
import type { Edited } from './edited.ts';
import { refusal } from './selected.ts';

/** Changes a layer's options; undefined takes one back to its default, and what equals the default is not written. */
export function setModuleOptions(
  project: Project,
  address: Address,
  changes: Readonly<Record<string, OptionValue | undefined>>,
): Edited {
  const { tree, path } = spotAt(address);
  const declarations = findLayerType(moduleAt(project, address).type)?.options ?? {};
  const written = Object.entries(changes).map(([name, value]) => [name, writtenValue(declarations[name], value)]);
  const next = withTree(project, tree, (root) => setOptions(root, path, Object.fromEntries(written) as typeof changes));
  return checked(project, { project: next, selection: [address] });
}

/** As it is written: of equal numbers one, where one stands for all; nothing, where it is the default. */
export function writtenValue(
  declaration: OptionDeclaration | undefined,
  value: OptionValue | undefined,
): OptionValue | undefined {
  if (declaration === undefined) return value;
  const isOneForAll =
    declaration.kind === 'integers' ? declaration.count !== undefined || declaration.isOneForAll === true : true;
  const shorter = isOneForAll ? short(value) : value;
  const standard = 'default' in declaration ? short(declaration.default ?? undefined) : undefined;
  return shorter === standard ? undefined : shorter;
}

function short(value: OptionValue | undefined): OptionValue | undefined {
  const isOne = Array.isArray(value) && value.length > 0 && value.every((entry) => entry === value[0]);
  return isOne ? (value[0] as number | string) : value;
}

/** What a node carries beside its options and its parts. */
export interface ModuleFields {
  /** Of a Repeat. */
  readonly count?: number | string | undefined;
  /** Of a Repeat. */
  readonly shared?: boolean | undefined;
  /** Of a Residual. */
  readonly shortcutWhere?: 'changed' | undefined;
  /** Of a Fork. */
  readonly join?: ForkNode['join'] | undefined;
  /** Of a Block's instance. */
  readonly arguments?: Readonly<Record<string, number | string>> | undefined;
  readonly frozen?: boolean | undefined;
  readonly initialise?: readonly Initialiser[] | undefined;
}

/** Undefined takes a field away. Refuses what the module cannot carry. */
export function setModuleField(project: Project, address: Address, changes: ModuleFields): Edited {
  const { tree, path } = spotAt(address);
  const next = withTree(project, tree, (root) => changeAt(root, path, (node) => withFields(node, changes, address)));
  return checked(project, { project: next, selection: [address] });
}

function withFields(node: NetworkNode, changes: ModuleFields, address: Address): NetworkNode {
  const merged = Object.entries({ ...node, ...withoutVoid(changes) }).filter(([, value]) => value !== undefined);
  const next = Object.fromEntries(merged);
  const parsed = networkNode.safeParse(next, { error: sentenceOf });
  if (parsed.success) return next as unknown as NetworkNode;
  const issue = parsed.error.issues[0]!;
  throw refusal(`${node.type} at ${address}: ${formatPath(issuePath(issue))} ${issue.message}.`, address);
}

/** What says no more than nothing is taken away. A `frozen: false` does say more: it thaws a part of what is frozen. */
function withoutVoid(changes: ModuleFields): ModuleFields {
  return {
    ...changes,
    ...(changes.shared === false ? { shared: undefined } : {}),
    ...(changes.initialise?.length === 0 ? { initialise: undefined } : {}),
    ...(changes.arguments !== undefined && Object.keys(changes.arguments).length === 0 ? { arguments: undefined } : {}),
  };
}
