import { partsOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { layerText } from './pytorch-layer-text.ts';
import { pythonName, pythonTuple } from './python-words.ts';

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
      return moduleText(name ?? sequenceType(node.children), [], node.children.map(inner));
    case 'Residual': {
      const parts = [node.body, node.shortcut, node.after].filter((part) => part !== null);
      return moduleText(name ?? 'Residual', [], parts.map(inner));
    }
    case 'Fork':
    case 'Join': {
      const branches = node.branches.map(inner);
      const list = hasNames(node.branches) ? moduleText('Named', [], branches) : listText(branches);
      const { kind, dim } = node.join;
      return moduleText(name ?? node.type, [`join=${kind}, dim=${dim}`], [['branches', list]]);
    }
    case 'Recurrent': {
      const words = pythonTuple(node.handsOn.map((output) => `'${output}'`));
      const carry = node.carry ? 'True' : 'False';
      const parts = partsOf(node).map(inner);
      return moduleText(name ?? 'Recurrent', [`hands_on=${words}, carry=${carry}`], parts);
    }
    case 'Transform':
    case 'NBeats':
      return moduleText(name ?? node.type, [], partsOf(node).map(inner));
    case 'Repeat':
      return moduleText(
        name ?? (isPlain(node.body) ? 'Repeat' : 'RepeatChain'),
        [`count=${node.count}`],
        [inner(node.body)],
      );
  }
}

/** Class of the outermost Block whose body begins here: its name ends the path. */
function blockAt(path: string, inlined: ReadonlySet<string>): string | undefined {
  const end = /(\/blocks\.\w+\.body)+$/.exec(path)?.[0] ?? '';
  const blocks = [...end.matchAll(/blocks\.(\w+)\.body/g)].map((match) => match[1]!);
  const block = blocks.find((one) => !inlined.has(one));
  return block === undefined ? undefined : pythonName(block);
}

function sequenceType(modules: readonly ResolvedNode[]): string {
  if (!modules.every(isPlain)) return 'Chain';
  return hasNames(modules) ? 'Named' : 'Sequential';
}

/** One tensor in, one out. */
function isPlain({ inputs, outputs }: ResolvedNode): boolean {
  return inputs.length === 1 && outputs.length === 1;
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
