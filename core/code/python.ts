import { formatFlow, formatShape } from '../catalogue/shape.ts';
import { treeOf } from '../network/address.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type { NetworkName } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import type { TargetMapping } from '../training/plan-targets.ts';
import { blockClasses } from './python-blocks.ts';
import { ClassScope } from './python-class.ts';
import { number } from './python-expression.ts';
import { helperClasses } from './python-helpers.ts';
import { initialiseText } from './python-initialise.ts';
import { laidOut } from './python-layout.ts';
import { writeModule } from './python-modules.ts';
import { scalingText } from './python-scaling.ts';
import { docstring } from './python-words.ts';

export interface PythonCode {
  readonly text: string;
  /** Blocks that no one class can make: their modules stand where they are used. */
  readonly inlined: ReadonlySet<string>;
}

/**
 * PyTorch source of the network, with the names of our state dict: a class for each Block, and `Network`. `resolved`
 * is the same network with everything decided. `mapping`: what makes targets of its output; done in `forward`.
 */
export function pythonCode(
  project: Pick<Project, 'name' | 'networks' | 'blocks'>,
  resolved: ResolvedNode,
  which: NetworkName = 'main',
  mapping: TargetMapping | null = null,
): PythonCode {
  const { blocks = {} } = project;
  const root = treeOf(project, `networks.${which}`);
  const classes = blockClasses(root, resolved, blocks);
  const scope = new ClassScope(blocks, classes, [new Map()]);
  const input = resolved.input.map(number);
  const { code } = writeModule(root, [{ instance: 0, resolved }], input, new Map(), scope);
  const body = laidOut({ open: 'super().__init__(', items: code.items, separator: ',', close: ')' }, 8);
  const network =
    `class Network(${code.type}):\n` +
    `    ${docstring(`Takes ${formatFlow(resolved.inputs)} and gives ${formatShape(resolved.output)} for each sample of a batch.`, '    ')}\n\n` +
    `    def __init__(self):\n        ${body}\n${initialiseText(resolved)}${mapping === null ? '' : scalingText(mapping)}`;
  const own = [...classes.values()].map(({ text }) => text).concat(network);
  const called = Object.entries(helperClasses).filter(([name]) => own.some((text) => uses(text, name)));
  const helpers = Object.entries(helperClasses).filter(([name, text]) =>
    [...own, ...called.map(([, other]) => other).filter((other) => other !== text)].some((user) => uses(user, name)),
  );
  const parts = [...helpers.map(([, text]) => text), ...own];
  const torch = parts.some((text) => text.includes('torch.')) ? 'import torch\n' : '';
  const text = `${docstring(`${project.name}, designed with Torchwright.`, '')}\n\n${torch}from torch import nn\n\n\n${parts.join('\n\n')}`;
  return { text, inlined: new Set(Object.keys(blocks).filter((block) => !classes.has(block))) };
}

function uses(text: string, helper: string): boolean {
  // `nn.Transformer(` is PyTorch's own.
  return new RegExp(`(?<![\\w.])${helper}\\(|\\(${helper}\\)`).test(text);
}
