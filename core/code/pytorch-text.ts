import { findLayerType } from '../catalogue/catalogue.ts';
import type { LayerOptions } from '../catalogue/layer-type.ts';
import type { ResolvedLayer, ResolvedNode } from '../network/resolved.ts';
import { pythonFloat, pythonName, pythonTuple } from './python-words.ts';

/** What PyTorch 2.13 prints of the network that our Python code makes; `inlined` are the Blocks without a class. */
export function pytorchText(network: ResolvedNode, inlined: ReadonlySet<string> = new Set()): string {
  return textOf(network, 'Network', inlined);
}

function textOf(node: ResolvedNode, given: string | undefined, inlined: ReadonlySet<string>): string {
  const name = given ?? blockAt(node.path, inlined);
  if (node.type === 'Layer') return `${name ?? node.layer}(${layerText(node)})`;
  const inner = (module: ResolvedNode): readonly [string, string] => [
    module.key.slice(module.key.lastIndexOf('.') + 1),
    textOf(module, undefined, inlined),
  ];
  switch (node.type) {
    case 'Sequential':
      return moduleText(name ?? (hasNames(node.children) ? 'Named' : 'Sequential'), [], node.children.map(inner));
    case 'Residual': {
      const parts = [node.body, node.shortcut, node.after].filter((part) => part !== null);
      return moduleText(name ?? 'Residual', [], parts.map(inner));
    }
    case 'Fork': {
      const branches = node.branches.map(inner);
      const list = hasNames(node.branches) ? moduleText('Named', [], branches) : listText(branches);
      const { kind, dim } = node.join;
      return moduleText(name ?? 'Fork', [`join=${kind}, dim=${dim}`], [['branches', list]]);
    }
    case 'Repeat':
      return moduleText(name ?? 'Repeat', [`count=${node.count}`], [inner(node.body)]);
  }
}

/** Class of the outermost Block whose body begins here: its name ends the path. */
function blockAt(path: string, inlined: ReadonlySet<string>): string | undefined {
  const end = /(\/blocks\.\w+\.body)+$/.exec(path)?.[0] ?? '';
  const blocks = [...end.matchAll(/blocks\.(\w+)\.body/g)].map((match) => match[1]!);
  const block = blocks.find((one) => !inlined.has(one));
  return block === undefined ? undefined : pythonName(block);
}

function hasNames(modules: readonly ResolvedNode[]): boolean {
  return modules.some(({ key }, index) => key.slice(key.lastIndexOf('.') + 1) !== `${index}`);
}

function moduleText(
  name: string,
  extra: readonly string[],
  parts: readonly (readonly [key: string, text: string])[],
): string {
  const lines = [...extra, ...parts.map(([key, text]) => `(${key}): ${indented(text)}`)];
  return lines.length === 0 ? `${name}()` : `${name}(\n  ${lines.join('\n  ')}\n)`;
}

/** PyTorch's list writes equal modules that follow one another once. */
function listText(parts: readonly (readonly [key: string, text: string])[]): string {
  const lines: string[] = [];
  for (let first = 0; first < parts.length;) {
    const text = parts[first]![1];
    let next = first + 1;
    while (parts[next]?.[1] === text) next += 1;
    const count = next - first;
    lines.push(indented(count === 1 ? `(${first}): ${text}` : `(${first}-${next - 1}): ${count} x ${text}`));
    first = next;
  }
  return `ModuleList(\n  ${lines.join('\n  ')}\n)`;
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

/** As `extra_repr` of the layer's class in torch/nn/modules. */
function layerText({ layer, options, parameters }: ResolvedLayer): string {
  const has = (parameter: string) =>
    parameters.some(({ name }) => name === parameter || name.endsWith(`.${parameter}`));
  const list = (...names: readonly string[]) => names.map((name) => `${name}=${valueText(layer, options, name)}`);
  const bare = (...names: readonly string[]) => names.map((name) => valueText(layer, options, name));
  const bias = `bias=${has('bias') ? 'True' : 'False'}`;
  switch (layer) {
    case 'Linear':
      return [...list('in_features', 'out_features'), bias].join(', ');
    case 'Conv2d':
      return convolutionText(options);
    case 'MaxPool2d':
      return list('kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode').join(', ');
    case 'AvgPool2d':
      return list('kernel_size', 'stride', 'padding').join(', ');
    case 'BatchNorm1d':
    case 'BatchNorm2d':
      return [...bare('num_features'), ...list('eps', 'momentum', 'affine'), bias, ...list('track_running_stats')].join(
        ', ',
      );
    case 'GroupNorm':
      return [...bare('num_groups', 'num_channels'), ...list('eps', 'affine'), bias].join(', ');
    case 'LayerNorm':
      return [...bare('normalized_shape'), ...list('eps', 'elementwise_affine'), bias].join(', ');
    case 'Dropout':
    case 'Dropout2d':
      return [...list('p'), 'inplace=False'].join(', ');
    case 'GELU':
      return `approximate='${String(options['approximate'])}'`;
    default:
      return list(...Object.keys(options)).join(', ');
  }
}

/** A convolution shows only what differs from the default, and pairs always as such. */
function convolutionText(options: LayerOptions): string {
  const pair = (name: string) => {
    const value = options[name];
    return Array.isArray(value) ? pythonTuple(value.map(String)) : String(value);
  };
  const parts = [
    String(options['in_channels']),
    String(options['out_channels']),
    `kernel_size=${pair('kernel_size')}`,
    `stride=${pair('stride')}`,
  ];
  if (pair('padding') !== '(0, 0)') parts.push(`padding=${pair('padding')}`);
  if (pair('dilation') !== '(1, 1)') parts.push(`dilation=${pair('dilation')}`);
  if (options['groups'] !== 1) parts.push(`groups=${String(options['groups'])}`);
  if (options['bias'] === false) parts.push('bias=False');
  if (options['padding_mode'] !== 'zeros') parts.push(`padding_mode=${String(options['padding_mode'])}`);
  return parts.join(', ');
}

/** A pair of equal numbers as the one that the code gives; sizes of a LayerNorm always as a tuple. */
function valueText(layer: string, options: LayerOptions, name: string): string {
  const value = options[name]!;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') {
    return findLayerType(layer)!.options[name]!.kind === 'number' ? pythonFloat(value) : String(value);
  }
  if (typeof value === 'string') return value;
  const isOne = name !== 'normalized_shape' && value.every((entry) => entry === value[0]);
  return isOne ? String(value[0]) : pythonTuple(value.map(String));
}
