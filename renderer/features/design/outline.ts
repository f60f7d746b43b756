import { branchRole } from '../../../core/drawing/fork.ts';
import { detailsOf } from '../../../core/drawing/details.ts';
import type { Target } from '../../../core/editing/target.ts';
import type { Address } from '../../../core/network/address.ts';
import { isContainer } from '../../../core/network/containers.ts';
import type { Blocks, NetworkNode } from '../../../core/network/tree.ts';

/** One line of the outline: a module, or a place that waits for one. */
export type OutlineRow = OutlineModule | OutlineSlot;

interface OutlineCommon {
  readonly path: Address;
  readonly level: number;
  /** What it is to the container around it, where that says more than its position. */
  readonly role: string;
}

export interface OutlineModule extends OutlineCommon {
  readonly kind: 'module';
  readonly title: string;
  /** What of it matters, as on its card. */
  readonly details: string;
  readonly hasChildren: boolean;
  /** Which of how many beside it; null where it stands alone. */
  readonly position: readonly [index: number, count: number] | null;
}

export interface OutlineSlot extends OutlineCommon {
  readonly kind: 'slot';
  readonly target: Target;
}

/** The network as an indented list; what lies under a place in `closed` is left out. */
export function outline(
  network: NetworkNode,
  blocks: Blocks,
  closed: ReadonlySet<Address>,
  root: Address = 'networks.main',
): readonly OutlineRow[] {
  const rows: OutlineRow[] = [];
  add({ node: network, path: root, role: '', position: null }, 1, []);
  return rows;

  function add({ node, path, role, position }: Inner, level: number, within: readonly string[]): void {
    const inner = innerOf(node, path, blocks, within);
    const slots = slotsOf(node, path);
    const name = node.name === undefined ? '' : `${node.name}: `;
    const title = `${name}${node.type === 'Block' && 'block' in node ? node.block : node.type}`;
    const hasChildren = inner.length + slots.length > 0;
    rows.push({ kind: 'module', path, level, title, details: detailsOf(node), hasChildren, role, position });
    if (closed.has(path)) return;
    const now = node.type === 'Block' && 'block' in node ? [...within, node.block] : within;
    for (const child of inner) add(child, level + 1, now);
    for (const [slot, what] of slots) {
      const target: Target = { address: slot, side: 'at' };
      rows.push({ kind: 'slot', path: slot, level: level + 1, role: what, target });
    }
  }
}

interface Inner {
  readonly node: NetworkNode;
  readonly path: Address;
  readonly role: string;
  readonly position: readonly [index: number, count: number] | null;
}

function innerOf(node: NetworkNode, path: Address, blocks: Blocks, within: readonly string[]): readonly Inner[] {
  if (!isContainer(node)) return [];
  const part = (inner: NetworkNode | undefined, field: string): readonly Inner[] =>
    inner === undefined ? [] : [{ node: inner, path: `${path}.${field}`, role: field, position: null }];
  switch (node.type) {
    case 'Sequential':
      return node.children.map((child, index, { length }) => ({
        node: child,
        path: `${path}.children[${index}]`,
        role: '',
        position: [index + 1, length],
      }));
    case 'Fork':
    case 'Join':
      return node.branches.map((child, index, { length }) => ({
        node: child,
        path: `${path}.branches[${index}]`,
        role: `${branchRole(node)} ${index + 1}`,
        position: [index + 1, length],
      }));
    case 'Residual':
      return [...part(node.body, 'body'), ...part(node.shortcut, 'shortcut'), ...part(node.after, 'after')];
    case 'Repeat':
      return part(node.body, 'body');
    case 'Recurrent':
      return [...part(node.before, 'before'), ...part(node.body, 'body'), ...part(node.after, 'after')];
    case 'Transform':
      return [...part(node.training, 'training'), ...part(node.evaluation, 'evaluation')];
    case 'NBeats':
      return node.children.map((child, index, { length }) => ({
        node: child,
        path: `${path}.children[${index}]`,
        role: `block ${index + 1}`,
        position: [index + 1, length],
      }));
    case 'Block': {
      const body = within.includes(node.block) ? undefined : blocks[node.block]?.body;
      const inside = `${path}/blocks.${node.block}.body`;
      return body === undefined ? [] : [{ node: body, path: inside, role: '', position: null }];
    }
  }
}

/** Places in a container that wait for a module, with what they would be. */
function slotsOf(node: NetworkNode, path: Address): readonly (readonly [path: Address, role: string])[] {
  if (!isContainer(node)) return [];
  switch (node.type) {
    case 'Sequential':
      return node.children.length === 0 ? [[`${path}.children[0]`, 'empty']] : [];
    case 'NBeats':
      return [[`${path}.children[${node.children.length}]`, 'another block']];
    case 'Fork':
    case 'Join':
      return [[`${path}.branches[${node.branches.length}]`, `another ${branchRole(node)}`]];
    case 'Residual':
      return (['shortcut', 'after'] as const)
        .filter((field) => node[field] === undefined)
        .map((field) => [`${path}.${field}`, field === 'shortcut' ? 'shortcut: the identity' : 'after: nothing']);
    case 'Recurrent':
      return (['before', 'after'] as const)
        .filter((field) => node[field] === undefined)
        .map((field) => [`${path}.${field}`, `${field}: nothing`]);
    case 'Repeat':
    case 'Transform':
    case 'Block':
      return [];
  }
}
