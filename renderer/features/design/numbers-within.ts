import { findLayerType } from '../../../core/catalogue/catalogue.ts';
import { Refusal } from '../../../core/catalogue/refusal.ts';
import type { BlockParameter } from '../../../core/editing/blocks.ts';
import { namesInExpression } from '../../../core/editing/expressions.ts';
import { addressedUnder } from '../../../core/editing/walk.ts';
import { moduleAt } from '../../../core/network/address.ts';
import type { Address } from '../../../core/network/address.ts';
import { isContainer } from '../../../core/network/containers.ts';
import { moduleName } from '../../../core/network/module-name.ts';
import type { LayerNode, NetworkNode } from '../../../core/network/tree.ts';
import type { Project } from '../../../core/project/project.ts';

/** A number of a module that could be a Block's parameter. */
export interface ModuleNumber {
  readonly address: Address;
  /** As the canvas names it. */
  readonly module: string;
  /** Of a layer its option, of a Repeat `count`, of a Block's instance its argument. */
  readonly option: string;
  readonly value: number;
  /** Not written: it is the option's default. */
  readonly isStandard: boolean;
}

/** Of the modules and everything under them, in the order of the tree; of a pair whose two are the same the one. */
export function numbersWithin(project: Project, addresses: readonly Address[]): readonly ModuleNumber[] {
  return addresses.flatMap((address) =>
    [...addressedUnder(moduleAt(project, address), address)].flatMap(([node, at]) => {
      const module = moduleName(project, at) ?? at;
      return valuesOf(node).flatMap(([option, value, isStandard]) => {
        const number = asNumber(value);
        return number === undefined ? [] : [{ address: at, module, option, value: number, isStandard }];
      });
    }),
  );
}

type Value = readonly [option: string, value: unknown, isStandard: boolean];

function valuesOf(node: NetworkNode): readonly Value[] {
  if (!isContainer(node)) return optionsOf(node);
  if (node.type === 'Repeat') return [['count', node.count, false]];
  if (node.type !== 'Block') return [];
  return Object.entries(node.arguments ?? {}).map(([name, value]) => [name, value, false]);
}

function optionsOf(node: LayerNode): readonly Value[] {
  return Object.entries(findLayerType(node.type)?.options ?? {}).map(([option, declaration]) => {
    const written = node.options?.[option];
    const standard = 'default' in declaration ? declaration.default : undefined;
    return [option, written ?? standard, written === undefined];
  });
}

function asNumber(value: unknown): number | undefined {
  const [first, second] = [value].flat();
  return typeof first === 'number' && (second === undefined || first === second) ? first : undefined;
}

/** A number and what stands in its place: a parameter, an expression such as `4*out`, or nothing where it stays. */
export type Replaced = readonly [number: ModuleNumber, text: string];

/** Every name that is used, in the order of use; one that stands for a number by itself has it as its default. */
export function parametersOf(replaced: readonly Replaced[]): readonly BlockParameter[] {
  const parameters = new Map<string, BlockParameter>();
  for (const [{ value }, text] of replaced) {
    for (const name of namesIn(text)) {
      const known = parameters.get(name);
      if (known === undefined) parameters.set(name, { name });
      if (text === name && known?.default === undefined) parameters.set(name, { name, default: value });
    }
  }
  return [...parameters.values()];
}

/** None in what cannot be read: the edit refuses it with a sentence. */
function namesIn(text: string): readonly string[] {
  try {
    return text === '' ? [] : namesInExpression(text);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
