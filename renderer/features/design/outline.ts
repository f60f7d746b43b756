import { isContainer } from '../../../core/network/containers.ts';
import type { Blocks, NetworkNode, Options } from '../../../core/network/tree.ts';

/** One line of the outline. */
export interface OutlineRow {
  /** Place in the project: `networks.main.children[3]`. */
  readonly path: string;
  readonly level: number;
  readonly title: string;
  /** What of it matters: the options that differ from the default, how often it repeats. */
  readonly details: string;
  readonly hasChildren: boolean;
  /** What it is to the container around it, where that says more than its position. */
  readonly role: string;
}

/** The network as an indented list; what lies under a place in `closed` is left out. */
export function outline(network: NetworkNode, blocks: Blocks, closed: ReadonlySet<string>): readonly OutlineRow[] {
  const rows: OutlineRow[] = [];
  add(network, 'networks.main', 1, '', []);
  return rows;

  function add(node: NetworkNode, path: string, level: number, role: string, within: readonly string[]): void {
    const inner = innerOf(node, path, blocks, within);
    const name = node.name === undefined ? '' : `${node.name}: `;
    const title = `${name}${node.type === 'Block' && 'block' in node ? node.block : node.type}`;
    rows.push({ path, level, title, details: detailsOf(node), hasChildren: inner.length > 0, role });
    if (closed.has(path)) return;
    const now = node.type === 'Block' && 'block' in node ? [...within, node.block] : within;
    for (const child of inner) add(child.node, child.path, level + 1, child.role, now);
  }
}

interface Inner {
  readonly node: NetworkNode;
  readonly path: string;
  readonly role: string;
}

function innerOf(node: NetworkNode, path: string, blocks: Blocks, within: readonly string[]): readonly Inner[] {
  if (!isContainer(node)) return [];
  const part = (inner: NetworkNode | undefined, field: string): readonly Inner[] =>
    inner === undefined ? [] : [{ node: inner, path: `${path}.${field}`, role: field }];
  switch (node.type) {
    case 'Sequential':
      return node.children.map((child, index) => ({ node: child, path: `${path}.children[${index}]`, role: '' }));
    case 'Fork':
      return node.branches.map((child, index) => ({
        node: child,
        path: `${path}.branches[${index}]`,
        role: `branch ${index + 1}`,
      }));
    case 'Residual':
      return [...part(node.body, 'body'), ...part(node.shortcut, 'shortcut'), ...part(node.after, 'after')];
    case 'Repeat':
      return part(node.body, 'body');
    case 'Block': {
      const body = within.includes(node.block) ? undefined : blocks[node.block]?.body;
      return body === undefined ? [] : [{ node: body, path: `${path}/blocks.${node.block}.body`, role: '' }];
    }
  }
}

function detailsOf(node: NetworkNode): string {
  if (!isContainer(node)) return optionsText(node.options ?? {});
  switch (node.type) {
    case 'Repeat':
      return `× ${node.count}${node.shared === true ? ', shared weights' : ''}`;
    case 'Block':
      return optionsText(node.arguments ?? {});
    case 'Fork':
      return node.join.kind;
    case 'Sequential':
    case 'Residual':
      return '';
  }
}

function optionsText(options: Options): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join('×') : String(value)}`)
    .join(', ');
}
