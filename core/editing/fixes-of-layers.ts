import { findLayerType, layerTypes } from '../catalogue/catalogue.ts';
import type { Shape } from '../catalogue/shape.ts';
import { addressAround, moduleAt, spotAt, withTree } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { replaceNode } from '../network/edit.ts';
import { networkOf } from '../network/address.ts';
import { projectFacts } from '../project/project-facts.ts';
import { nearestName } from '../nearest-name.ts';
import type { LayerNode, OptionValue } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import type { Attempt } from './fixes.ts';
import { besideBefore, inputAt } from './flowing.ts';
import type { Situation } from './flowing.ts';
import { insertModules, removeModules } from './modules.ts';
import { setModuleOptions } from './options.ts';

/** What may mend a layer that cannot take what it gets. */
export function layerFixes(situation: Situation, address: Address, node: LayerNode): readonly Attempt[] {
  const { project, facts } = situation;
  const type = findLayerType(node.type);
  if (type === undefined) return unknownTypeFixes(project, address, node);
  const option = facts.failure?.at?.slice(address.length).replace(/^\.options\./, '') ?? '';
  const declaration = type.options[option];
  const input = inputAt(situation, address);
  const isInferred = declaration !== undefined && 'infer' in declaration && node.options?.[option] !== undefined;
  return [
    ...(isInferred ? pinnedFixes(situation, address, node, option) : []),
    ...(input === undefined ? [] : optionFixes(project, address, node, option, input)),
    ...rankFixes(project, address, node),
    ...(input === undefined ? [] : dimensionFixes(project, address, node, input)),
  ];
}

function setting(project: Project, address: Address, changes: Readonly<Record<string, OptionValue>>): Attempt {
  const [[name, value]] = Object.entries(changes) as [[string, OptionValue]];
  const shown = Array.isArray(value) ? value.join('×') : typeof value === 'string' ? `"${value}"` : String(value);
  return { title: `Set ${name} to ${shown}`, edit: () => setModuleOptions(project, address, changes) };
}

/** A size that is written and follows from the input as well. */
function pinnedFixes(
  { project, sample }: Situation,
  address: Address,
  node: LayerNode,
  option: string,
): readonly Attempt[] {
  const free: Attempt = {
    title: `Leave ${option} empty to infer it from the input`,
    edit: () => setModuleOptions(project, address, { [option]: undefined }),
  };
  if (typeof node.options?.[option] !== 'number') return [free];
  const freed = free.edit().project;
  const right = projectFacts(freed, sample, networkOf(address)).modules.get(address)?.options?.[option];
  return typeof right === 'number' ? [setting(project, address, { [option]: right }), free] : [free];
}

function optionFixes(
  project: Project,
  address: Address,
  node: LayerNode,
  option: string,
  input: Shape,
): readonly Attempt[] {
  const set = (changes: Readonly<Record<string, OptionValue>>) => setting(project, address, changes);
  const kernel = numbersOf(node.options?.['kernel_size']);
  switch (option) {
    case 'groups': {
      const common = commonDivisor(input[0] ?? 1, numbersOf(node.options?.['out_channels'])[0]);
      return [set({ groups: nearestDivisor(common, numbersOf(node.options?.['groups'])[0]) })];
    }
    case 'num_groups':
      return [set({ num_groups: nearestDivisor(input[0] ?? 1, numbersOf(node.options?.['num_groups'])[0]) })];
    case 'normalized_shape': {
      const written = node.options?.['normalized_shape'];
      return [set({ normalized_shape: input.slice(-(Array.isArray(written) ? written.length : 1)) })];
    }
    case 'kernel_size': {
      const smaller = input.slice(1).map((size, side) => Math.min(kernel[side] ?? kernel[0], size));
      const isConvolution = /^Conv\dd$/.test(node.type);
      const padding = isConvolution ? [set({ padding: 'same' }), set({ padding: halfOf(kernel) })] : [];
      const without: Attempt[] = isConvolution ? [] : [removal(project, address, `Remove this ${node.type}`)];
      return [...padding, set({ kernel_size: equalAsOne(smaller) }), ...without];
    }
    case 'padding':
      return [set({ padding: halfOf(kernel) }), ...(node.options?.['padding'] === 'same' ? [set({ stride: 1 })] : [])];
    case 'mode': {
      const { mode } = findLayerType(node.type)!.options;
      return mode?.kind === 'choice' ? mode.values.map((value) => set({ mode: value })).slice(0, 5) : [];
    }
    case 'index':
      return [set({ index: -1 })];
    case 'size':
      return [set({ size: equalAsOne(input.slice(1)) })];
    case 'align_corners':
    case 'antialias':
    case 'recompute_scale_factor':
    case 'scale_grad_by_freq':
      return [set({ [option]: false })];
    case 'dim':
      return [set({ dim: -1 })];
    default:
      return [];
  }
}

/** An image where a vector is wanted, or the other way round. */
function rankFixes(project: Project, address: Address, node: LayerNode): readonly Attempt[] {
  const before = besideBefore(address);
  const isBesideFlatten = before !== undefined && moduleAt(project, before).type === 'Flatten';
  const attempts: Attempt[] = [];
  const put = (title: string, layer: LayerNode): Attempt => {
    const side = before === undefined && !address.endsWith(']') ? 'before' : 'at';
    return {
      title: `${title} before this ${node.type}`,
      edit: () => insertModules(project, { address, side }, [layer]),
      mended: afterItself(address),
    };
  };
  if (node.type === 'Linear' || node.type === 'BatchNorm1d')
    attempts.push(put('Insert a Flatten', { type: 'Flatten' }));
  if (findLayerType(node.type)?.family === 'recurrent') {
    const rows = { type: 'Flatten', options: { start_dim: 1, end_dim: 2 } };
    attempts.push(
      put('Make a sequence of the rows of each channel', rows),
      put('Make a sequence of the channels', { type: 'Flatten', options: { start_dim: 2 } }),
      put('Make a sequence of one step', { type: 'Unsqueeze', options: { dim: 1 } }),
    );
  }
  const other = { BatchNorm1d: 'BatchNorm2d', BatchNorm2d: 'BatchNorm1d' }[node.type];
  if (other !== undefined) attempts.push(retyping(project, address, node, other));
  if (isBesideFlatten) attempts.push({ ...removal(project, before, 'Remove the Flatten before it'), mended: before });
  return attempts;
}

/** The same layer for as many dimensions as there are: Conv1d for Conv2d. */
function dimensionFixes(project: Project, address: Address, node: LayerNode, input: Shape): readonly Attempt[] {
  const other = node.type.replace(/[123]d$/, `${input.length - 1}d`);
  const exists = other !== node.type && findLayerType(other) !== undefined;
  return exists ? [retyping(project, address, node, other)] : [];
}

/** Where a module is once another was put before it. */
function afterItself(address: Address): Address {
  const match = /^(.*\.children\[)(\d+)\]$/.exec(address);
  return match === null ? `${address}.children[1]` : `${match[1]}${Number(match[2]) + 1}]`;
}

function removal(project: Project, address: Address, title: string): Attempt {
  const around = addressAround(address);
  return { title, edit: () => removeModules(project, [address]), ...(around === undefined ? {} : { mended: around }) };
}

function retyping(project: Project, address: Address, node: LayerNode, type: string): Attempt {
  const { tree, path } = spotAt(address);
  return {
    title: `Make it a ${type}`,
    edit: () => ({
      project: withTree(project, tree, (root) => replaceNode(root, path, { ...node, type })),
      selection: [address],
    }),
  };
}

function unknownTypeFixes(project: Project, address: Address, node: LayerNode): readonly Attempt[] {
  const nearest = nearestName(
    node.type,
    layerTypes.map((type) => type.name),
  );
  return nearest === undefined ? [] : [retyping(project, address, node, nearest)];
}

/** Of a number or a list as written, at least one; an expression counts as 1. */
function numbersOf(value: OptionValue | undefined): readonly [number, ...number[]] {
  const [first, ...rest] = Array.isArray(value) ? (value as readonly (number | string)[]) : [value];
  const number = (one: unknown) => (typeof one === 'number' ? one : 1);
  return [number(first), ...rest.map(number)];
}

/** Keeps the size for an odd kernel. */
function halfOf(kernel: readonly number[]): OptionValue {
  return equalAsOne(kernel.map((side) => Math.floor(side / 2)));
}

function equalAsOne(sizes: readonly number[]): OptionValue {
  return sizes.every((size) => size === sizes[0]) ? sizes[0]! : sizes;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function nearestDivisor(of: number, wanted: number): number {
  let nearest = 1;
  for (let divisor = 1; divisor <= of; divisor++) {
    if (of % divisor === 0 && Math.abs(divisor - wanted) < Math.abs(nearest - wanted)) nearest = divisor;
  }
  return nearest;
}
