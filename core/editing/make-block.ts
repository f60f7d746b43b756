import { findLayerType } from '../catalogue/catalogue.ts';
import type { OptionDeclaration } from '../catalogue/option.ts';
import { addressAt, spotAt, treeOf, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import { replaceNode, removeNode } from '../network/edit.ts';
import { changeAt, nodeAt } from '../network/node-path.ts';
import type { BlockDefinition, BlockNode, NetworkNode, OptionValue } from '../network/tree.ts';
import { asOne } from '../network/wrap.ts';
import type { Project } from '../project/project.ts';
import { refuseBlockName } from './block-names.ts';
import { refuseParameterName } from './blocks.ts';
import type { BlockParameter } from './blocks.ts';
import { checked } from './checked.ts';
import type { Edited } from './edited.ts';
import { mapExpressions, namesInExpression } from './expressions.ts';
import { isUnder } from './paths.ts';
import { oneRun, pathInRun, refusal } from './selected.ts';
import { withoutField } from './without-field.ts';

/** A number in the selection that becomes an expression over the Block's parameters. */
export interface Binding {
  readonly address: Address;
  /** Of a layer its option, of a Repeat `count`, of a Block's instance its argument. */
  readonly option: string;
  /** The parameter, or an expression: `4*out`. */
  readonly parameter: string;
}

/**
 * Makes a Block of modules that follow each other and puts an instance of it in their place. A parameter that is bound
 * as itself has in this instance the value that was written there, so that the network stays what it is.
 */
export function makeBlock(
  project: Project,
  addresses: readonly Address[],
  name: string,
  parameters: readonly BlockParameter[],
  bindings: readonly Binding[] = [],
): Edited {
  refuseBlockName(name, Object.keys(project.blocks ?? {}));
  for (const parameter of parameters) refuseParameterName(parameter.name, name);
  const { tree, root, run, paths } = oneRun(project, addresses, 'made a Block together');
  const before = treeOf(project, tree);

  const values = new Map<string, number | string>();
  let bound = before;
  for (const binding of bindings) {
    const { path } = spotAt(binding.address);
    if (!paths.some((selected) => isUnder(path, selected))) {
      throw refusal(`The module at ${binding.address} is not among those that become "${name}".`, binding.address);
    }
    noteValue(values, binding, valueOf(nodeAt(before, path), binding));
    bound = changeAt(bound, path, (node) => withExpression(node, binding));
  }
  const modules = paths.map((path) => nodeAt(bound, path));
  const passed = namesPassedOn(paths.map((path) => nodeAt(before, path)));
  for (const parameter of passed) {
    if (values.has(parameter) && values.get(parameter) !== parameter) {
      throw refusal(`"${parameter}" is already a parameter of the enclosing Block: choose another name.`, root);
    }
    values.set(parameter, parameter);
  }

  const [only] = modules;
  const isOne = modules.length === 1;
  const definition: BlockDefinition = {
    parameters: [...parameters, ...passed.filter((one) => !named(parameters, one)).map((one) => ({ name: one }))],
    body: isOne ? withoutField(only!, 'name') : asOne(modules),
  };
  const instance: BlockNode = {
    type: 'Block',
    ...(isOne && only!.name !== undefined ? { name: only!.name } : {}),
    block: name,
    ...argumentsOf(definition, values),
  };
  const rest = paths.slice(1).reduceRight(removeNode, before);
  const next = withTree(project, tree, () => replaceNode(rest, pathInRun(run, 0), instance));
  return checked(project, {
    project: { ...next, blocks: { ...next.blocks, [name]: definition } },
    selection: [addressAt(root, run.first)],
  });
}

function named(parameters: readonly BlockParameter[], name: string): boolean {
  return parameters.some((parameter) => parameter.name === name);
}

/** Only what differs from the defaults. */
function argumentsOf(
  { parameters }: BlockDefinition,
  values: ReadonlyMap<string, number | string>,
): Pick<BlockNode, 'arguments'> {
  const given = parameters.flatMap(({ name, default: standard }) => {
    const value = values.get(name);
    return value === undefined || value === standard ? [] : [[name, value] as const];
  });
  return given.length === 0 ? {} : { arguments: Object.fromEntries(given) };
}

/** What an expression is bound as is known only where it is a parameter's name. */
function noteValue(
  values: Map<string, number | string>,
  { address, parameter, option }: Binding,
  value: number | string,
): void {
  if (!/^[A-Za-z_]\w*$/.test(parameter)) return;
  const known = values.get(parameter);
  if (known !== undefined && known !== value) {
    throw refusal(
      `"${parameter}" cannot stand for both ${known} and ${value} (${option} at ${address}): use two parameters.`,
      address,
    );
  }
  values.set(parameter, value);
}

/** The number that is written, or the one that an option has where nothing is. */
function valueOf(node: NetworkNode, { address, option }: Binding): number | string {
  const written = writtenValue(node, option);
  const value =
    Array.isArray(written) && written.every((entry) => entry === written[0])
      ? (written[0] as number | string)
      : written;
  if (typeof value === 'number' || (typeof value === 'string' && value !== 'same' && value !== 'valid')) return value;
  throw refusal(
    `${option} of ${node.type} at ${address} is not a single number, so a parameter cannot replace it.`,
    address,
  );
}

function writtenValue(node: NetworkNode, option: string): OptionValue | undefined {
  if (isContainer(node)) {
    if (node.type === 'Repeat' && option === 'count') return node.count;
    return node.type === 'Block' ? node.arguments?.[option] : undefined;
  }
  const declaration = findLayerType(node.type)?.options[option];
  return node.options?.[option] ?? (declaration && standardOf(declaration));
}

function standardOf(declaration: OptionDeclaration): OptionValue | undefined {
  return 'default' in declaration ? declaration.default : undefined;
}

function withExpression(node: NetworkNode, { option, parameter }: Binding): NetworkNode {
  if (!isContainer(node)) return { ...node, options: { ...node.options, [option]: parameter } };
  if (node.type === 'Repeat') return { ...node, count: parameter };
  return node.type === 'Block' ? { ...node, arguments: { ...node.arguments, [option]: parameter } } : node;
}

/** Parameters of the Block around that the modules use: the new Block hands them on. */
function namesPassedOn(nodes: readonly NetworkNode[]): readonly string[] {
  const names = new Set<string>();
  for (const node of nodes) {
    mapExpressions(node, (text) => {
      for (const name of namesInExpression(text)) names.add(name);
      return text;
    });
  }
  return [...names];
}
