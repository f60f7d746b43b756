import type { Drawing, DrawnModule } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';
import { around } from '../places-in-tree.ts';

/**
 * One module in two drawings: `wanted`, or the nearest container around it that both show. What an edit put in is only
 * in the later drawing, and two different modules would move the view by the distance between them.
 */
export function anchored(
  before: Drawing,
  after: Drawing,
  wanted: Address | undefined,
): readonly [before: DrawnModule, after: DrawnModule] | undefined {
  const candidates = wanted === undefined ? [] : [wanted, ...around(wanted)];
  const first = after.modules[0]?.address;
  for (const address of first === undefined ? candidates : [...candidates, first]) {
    const [was, is] = [find(before, address), find(after, address)];
    if (was !== undefined && is !== undefined) return [was, is];
  }
  return undefined;
}

function find(drawing: Drawing, address: Address): DrawnModule | undefined {
  return drawing.modules.find((module) => module.address === address);
}
