import { moduleAt, spotAt } from '../../../../core/network/address.ts';
import type { Address } from '../../../../core/network/address.ts';
import { isContainer } from '../../../../core/network/containers.ts';
import type { Summary } from '../../../../core/network/summarise.ts';
import type { Blocks } from '../../../../core/network/tree.ts';
import type { Project } from '../../../../core/project/project.ts';

/** Place in the project's document of the module that is seen at an address: inside of a Block, in its definition. */
export function writtenAt(address: Address): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

/** Name of the Block in whose definition the module is written. */
export function blockAround(address: Address): string | undefined {
  const [kind, name] = spotAt(address).tree.split('.');
  return kind === 'blocks' ? name : undefined;
}

/** Parameters that expressions of this module may use; null outside of Blocks. */
export function namesAt(address: Address, blocks: Blocks | undefined): readonly string[] | null {
  const block = blockAround(address);
  if (block === undefined) return null;
  return blocks?.[block]?.parameters.map((parameter) => parameter.name) ?? [];
}

/** Selected modules with the same options. */
export interface Kind {
  /** `Conv2d`; of instances the Block's name. */
  readonly title: string;
  /** Each is written in another place: two instances of a Block may show one module twice. */
  readonly addresses: readonly Address[];
}

/** Layers of one type and instances of one Block of which several are among these. */
export function kindsOf(project: Project, addresses: readonly Address[]): readonly Kind[] {
  const kinds = new Map<string, Map<string, Address>>();
  for (const address of addresses) {
    const node = moduleAt(project, address);
    if (isContainer(node) && node.type !== 'Block') continue;
    const title = 'block' in node ? node.block : node.type;
    const places = kinds.get(title) ?? new Map<string, Address>();
    kinds.set(title, places.has(writtenAt(address)) ? places : places.set(writtenAt(address), address));
  }
  return [...kinds]
    .map(([title, places]) => ({ title, addresses: [...places.values()] }))
    .filter((kind) => kind.addresses.length > 1);
}

export interface Costs {
  readonly layers: number;
  readonly parameters: number;
  readonly trainable: number;
  /** For one sample; without those of joins. */
  readonly multiplyAdds: number;
}

/** Of everything under these modules, all copies of a Repeat together; what lies under two of them counts once. */
export function costsOf(summary: Summary, addresses: readonly Address[]): Costs {
  const modules = summary.modules.filter(({ path }) => addresses.some((address) => lies(path, address)));
  const total = (of: (module: (typeof modules)[number]) => number) =>
    modules.reduce((sum, module) => sum + of(module), 0);
  return {
    layers: modules.filter(({ isJoin }) => !isJoin).length,
    parameters: total((module) => module.parameters),
    trainable: total((module) => module.trainable),
    multiplyAdds: total((module) => module.multiplyAdds),
  };
}

/** The address itself or under it. */
function lies(path: string, address: Address): boolean {
  return path.startsWith(address) && (path.length === address.length || /[.[/]/.test(path[address.length]!));
}
