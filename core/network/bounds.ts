import { FailureError } from '../failure.ts';
import { evaluatorOf } from './place.ts';
import { blockScope } from './block-scope.ts';
import type { Scope } from './expression.ts';
import { hasBranches, hasChildren, isContainer } from './containers.ts';
import { singleParts } from './node-path.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { BlockNode, Blocks, ContainerNode, NetworkNode } from './tree.ts';

/** Modules of one network, copies of Blocks and Repeats included. The largest published networks have some thousands. */
export const mostModules = 100_000;
/** Modules within each other, through Blocks too. */
export const deepestModule = 250;

/**
 * Refuses a network that would not fit, before anything of it is made: a few lines of Blocks that use each other twice
 * can mean billions of modules. Looks at no more nodes than it allows.
 */
export function refuseBeyondBounds(network: NetworkNode, blocks: Blocks, path: string): void {
  new Counter(blocks, path).count(network, { times: 1, depth: 1, scope: null, within: [] });
}

interface Around {
  /** Copies that are made of the node. */
  readonly times: number;
  readonly depth: number;
  readonly scope: Scope | null;
  readonly within: readonly string[];
}

class Counter {
  readonly #blocks: Blocks;
  readonly #path: string;
  #modules = 0;

  constructor(blocks: Blocks, path: string) {
    this.#blocks = blocks;
    this.#path = path;
  }

  count(node: NetworkNode, around: Around): void {
    this.#modules += around.times;
    if (this.#modules > mostModules) {
      this.#refuse(
        `has more than ${mostModules.toLocaleString('en')} modules, counting every copy that Repeat and Block make.`,
        'Reduce the count of a Repeat, or how often Blocks use each other.',
      );
    }
    if (around.depth > deepestModule) {
      this.#refuse(`has modules nested more than ${deepestModule} deep.`, 'Put inner modules one after another.');
    }
    const inner = { ...around, depth: around.depth + 1 };
    if (!isContainer(node)) return;
    if (node.type === 'Block') {
      this.#countBlock(node, inner);
      return;
    }
    const isRepeated = node.type === 'Repeat' && node.shared !== true;
    const times = isRepeated ? around.times * this.#copies(node.count, around) : around.times;
    for (const part of partsOf(node)) this.count(part, { ...inner, times });
  }

  /** What is wrong with a Block is reported where it is made. */
  #countBlock(node: BlockNode, around: Around): void {
    const definition = Object.hasOwn(this.#blocks, node.block) ? this.#blocks[node.block] : undefined;
    if (definition === undefined || around.within.includes(node.block)) return;
    const scope = unlessRefused(() => blockScope(node, definition, evaluatorOf(around.scope)));
    if (scope !== undefined) this.count(definition.body, { ...around, scope, within: [...around.within, node.block] });
  }

  #copies(count: number | string, { scope }: Around): number {
    const copies = typeof count === 'number' ? count : (unlessRefused(() => evaluatorOf(scope)(count)) ?? 1);
    return copies >= 1 ? copies : 1;
  }

  #refuse(message: string, advice: string): never {
    throw new FailureError({
      code: 'badNetwork',
      message: `The network at ${this.#path} ${message}`,
      at: this.#path,
      advice,
    });
  }
}

function partsOf(node: ContainerNode): readonly NetworkNode[] {
  if (hasChildren(node)) return node.children;
  if (hasBranches(node)) return node.branches;
  return singleParts(node).map(([, part]) => part);
}

function unlessRefused<Result>(rule: () => Result): Result | undefined {
  try {
    return rule();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
