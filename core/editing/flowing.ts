import type { Shape } from '../catalogue/shape.ts';
import { addressAround, moduleAt, spotAt } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import type { NetworkFacts } from '../network/facts.ts';
import { addressedUnder } from './walk.ts';
import type { LayerNode } from '../network/tree.ts';
import { isLayer } from '../network/containers.ts';
import type { Project } from '../project/project.ts';

/** What a network that may not work is made of, and what is known of it. */
export interface Situation {
  readonly project: Project;
  readonly facts: NetworkFacts;
  /** One sample of the data. */
  readonly sample: Shape;
  /** The first input of the network that does not work. */
  readonly input: Shape;
}

/** What flows into a module that itself may not work; undefined where a module before it does not either. */
export function inputAt(situation: Situation, address: Address): Shape | undefined {
  const { facts, input } = situation;
  const known = facts.modules.get(address)?.input;
  if (known !== undefined) return known;
  const around = addressAround(address);
  if (around === undefined) return input;
  const before = besideBefore(address);
  if (before !== undefined) return facts.modules.get(before)?.output;
  if (spotAt(address).path.at(-1) === 'after') return facts.modules.get(bodyOf(around))?.output;
  return inputAt(situation, around);
}

function bodyOf(residual: Address): Address {
  return `${residual}.body`;
}

/** The module before in the same sequence. */
export function besideBefore(address: Address): Address | undefined {
  const match = /^(.*\.children\[)(\d+)\]$/.exec(address);
  return match === null || match[2] === '0' ? undefined : `${match[1]}${Number(match[2]) - 1}]`;
}

/** Layers under a module that are of one of these types, with their addresses; Blocks are not entered. */
export function layersUnder(
  project: Project,
  address: Address,
  types: readonly string[],
): readonly { readonly address: Address; readonly node: LayerNode }[] {
  const node = moduleAt(project, address);
  return [...addressedUnder(node, address)].flatMap(([part, at]) =>
    isLayer(part) && types.includes(part.type) ? [{ address: at, node: part }] : [],
  );
}
