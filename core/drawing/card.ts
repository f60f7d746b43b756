import { findLayerType } from '../catalogue/catalogue.ts';
import { flowText } from '../catalogue/shape.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import { isUnused } from '../network/facts.ts';
import type { NetworkNode } from '../network/tree.ts';
import type { Draft, Seat } from './draft.ts';
import { detailsOf } from './details.ts';
import type { Box, DrawnModule } from './drawing.ts';
import type { Part } from './part.ts';
import { cardWidth, sizes } from './sizes.ts';
import { counted, shortCount } from '../format.ts';

/** A layer, or a container of which only the outside is seen. */
export function cardPart(draft: Draft, node: NetworkNode, seat: Seat): Part {
  const face = faceOf(draft, node, seat, isContainer(node) ? 'closed' : 'card');
  const width = cardWidth(titleOf(face), face.isFrozen ? `${face.details}, frozen` : face.details);
  const { height } = sizes.card;
  return {
    width,
    height,
    axis: width / 2,
    inlet: 0,
    outlet: height,
    put: (sheet, x, y) => void sheet.modules.push({ ...face, axis: x + width / 2, x, y, width, height }),
  };
}

type Face = Omit<DrawnModule, keyof Box | 'axis'>;

/** Everything about a drawn module but its place. */
export function faceOf(draft: Draft, node: NetworkNode, seat: Seat, kind: DrawnModule['kind'], headerHeight = 0): Face {
  const { address, around, depth, role } = seat;
  const facts = draft.facts?.modules.get(address);
  return {
    address,
    kind,
    headerHeight,
    type: isContainer(node) && node.type === 'Block' ? node.block : node.type,
    family: isContainer(node) ? 'container' : (findLayerType(node.type)?.family ?? ''),
    name: node.name,
    details: kind === 'closed' ? closedDetails(draft, node, address) : detailsOf(node),
    shape: facts === undefined ? '' : flowText(facts.outputs),
    ...parameterTexts(facts?.parameters ?? 0),
    role,
    isFaulty: isBlamed(draft.facts?.faulty ?? null, address, kind),
    isFrozen: node.frozen ?? seat.isFrozen,
    isUnused: draft.facts !== null && isUnused(draft.facts, address),
    around,
    depth,
  };
}

/** More digits have no room on a card. */
const mostInFull = 99_999_999;

function parameterTexts(count: number): Pick<Face, 'parameters' | 'parametersInFull'> {
  const inFull = count === 0 ? '' : grouped(count);
  return { parameters: count > mostInFull ? shortCount(count) : inFull, parametersInFull: inFull };
}

/** 1,234,567: ten times as fast as the formatter of the language, which counts at a thousand cards. */
function grouped(count: number): string {
  const digits = String(count);
  // From 1e21 on the language writes an exponent.
  if (digits.includes('e')) return digits;
  let text = digits.slice(-3);
  for (let end = digits.length - 3; end > 0; end -= 3) text = `${digits.slice(Math.max(0, end - 3), end)},${text}`;
  return text;
}

/** Words at the head of a card: its own name before its type. */
export function titleOf({ name, type }: Pick<DrawnModule, 'name' | 'type'>): string {
  return name === undefined ? type : `${name} ${type}`;
}

function closedDetails(draft: Draft, node: NetworkNode, address: Address): string {
  const modules = draft.count(node, address);
  const content = counted(modules, 'module');
  return [detailsOf(node), modules === 0 ? '' : content].filter((text) => text !== '').join(', ');
}

/** A closed container stands for all that is in it. */
function isBlamed(faulty: Address | null, address: Address, kind: DrawnModule['kind']): boolean {
  if (faulty === null || !faulty.startsWith(address)) return false;
  return faulty.length === address.length || (kind === 'closed' && /^[./[]/.test(faulty.slice(address.length)));
}
