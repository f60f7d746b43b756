import type { Box, Drawing } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';
import { partsOf } from './walk.ts';

/** All beside each other from one module to another, the one first; only the other where they do not stand in one container. */
export function rangeTo(drawing: Drawing, from: Address | undefined, to: Address): readonly Address[] {
  const around = drawing.modules.find(({ address }) => address === to)?.around ?? null;
  const siblings = partsOf(drawing, around).map(({ address }) => address);
  const [first, last] = [siblings.indexOf(from ?? ''), siblings.indexOf(to)];
  if (first < 0 || last < 0) return [to];
  return first <= last ? siblings.slice(first, last + 1) : siblings.slice(last, first + 1).toReversed();
}

/** Modules that lie whole within a rectangle, without those inside of a module that does. */
export function within(drawing: Drawing, box: Box): readonly Address[] {
  const inside = new Set<Address>();
  for (const module of drawing.modules) {
    if (module.around !== null && inside.has(module.around)) {
      inside.add(module.address);
      continue;
    }
    const isInside =
      module.x >= box.x &&
      module.y >= box.y &&
      module.x + module.width <= box.x + box.width &&
      module.y + module.height <= box.y + box.height;
    if (isInside) inside.add(module.address);
  }
  return drawing.modules
    .filter(({ address, around }) => inside.has(address) && (around === null || !inside.has(around)))
    .map(({ address }) => address);
}
