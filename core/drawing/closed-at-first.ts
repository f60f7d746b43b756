import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import type { Blocks } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { innerModules, moduleCounter } from './inner.ts';
import type { InnerModule } from './inner.ts';

/** So many modules can be taken in by scrolling a little. */
const enough = 60;

/**
 * Containers that start closed, so that at most about sixty modules are drawn. Level by level from the outside, a
 * container opens with everything in it while that fits, else with its own level alone, else not at all; of a Block
 * only the first instance opens, which shows what the others hold. The network's own level is always seen.
 */
export function closedAtFirst({ networks, blocks = {} }: Pick<Project, 'networks' | 'blocks'>): ReadonlySet<Address> {
  const roots = [{ node: networks.main, address: 'networks.main' }];
  if (networks.discriminator) roots.push({ node: networks.discriminator, address: 'networks.discriminator' });
  return new Set(roots.flatMap((root) => [...closedUnder(root, blocks)]));
}

function closedUnder(root: InnerModule, blocks: Blocks): ReadonlySet<Address> {
  const count = moduleCounter(blocks);
  const closed = new Set<Address>();
  const shown = new Set<string>();
  const waiting: InnerModule[] = [root];
  let drawn = 1;
  for (let container = waiting.shift(); container !== undefined; container = waiting.shift()) {
    const content = count(container.node, container.address);
    if (content === 0) continue;
    const block = blockOf(container);
    if (block !== undefined && shown.has(block)) {
      closed.add(container.address);
      continue;
    }
    const held = drawn + content <= enough ? blocksIn(container, blocks) : undefined;
    if (held?.some((name) => shown.has(name)) === false) {
      drawn += content;
      for (const name of held) shown.add(name);
    } else {
      const inner = innerModules(container.node, container.address, blocks);
      if (container === root || drawn + inner.length <= enough) {
        drawn += inner.length;
        waiting.push(...inner);
        if (block !== undefined) shown.add(block);
      } else {
        closed.add(container.address);
      }
    }
  }
  return closed;
}

function blockOf({ node }: InnerModule): string | undefined {
  return isContainer(node) && node.type === 'Block' ? node.block : undefined;
}

/** Names of the Block it is an instance of and of those in it. */
function blocksIn(container: InnerModule, blocks: Blocks): readonly string[] {
  const block = blockOf(container);
  const inner = innerModules(container.node, container.address, blocks).flatMap((module) => blocksIn(module, blocks));
  return block === undefined ? inner : [block, ...inner];
}
