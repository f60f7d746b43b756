import type { Drawing, DrawnModule } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * The module the arrow keys lead to. Down and up go along the flow, past the last of a container to what follows it;
 * right goes into a frame or to the next column, left to the column before or out to the container around.
 */
export function walked(drawing: Drawing, from: Address, direction: Direction): DrawnModule | undefined {
  const module = find(drawing, from);
  if (module === undefined) return drawing.modules[0];
  switch (direction) {
    case 'down':
      return after(drawing, module) ?? partsOf(drawing, module.address)[0];
    case 'up':
      return before(drawing, module);
    case 'right':
      return partsOf(drawing, module.address)[0] ?? besides(drawing, module, 1);
    case 'left':
      return besides(drawing, module, -1) ?? containerOf(drawing, module);
  }
}

/** What lies directly in a container, in the order in which it computes. */
export function partsOf(drawing: Drawing, container: Address | null): readonly DrawnModule[] {
  const known = partsByContainer.get(drawing) ?? grouped(drawing);
  partsByContainer.set(drawing, known);
  return known.get(container) ?? [];
}

type Parts = ReadonlyMap<Address | null, readonly DrawnModule[]>;

/** A drawing never changes, and is asked for the parts of each of its modules. */
const partsByContainer = new WeakMap<Drawing, Parts>();

function grouped(drawing: Drawing): Parts {
  const parts = new Map<Address | null, DrawnModule[]>();
  for (const module of drawing.modules) {
    const beside = parts.get(module.around);
    if (beside === undefined) parts.set(module.around, [module]);
    else beside.push(module);
  }
  return parts;
}

function find(drawing: Drawing, address: Address | null): DrawnModule | undefined {
  return drawing.modules.find((module) => module.address === address);
}

function containerOf(drawing: Drawing, module: DrawnModule): DrawnModule | undefined {
  return find(drawing, module.around);
}

function after(drawing: Drawing, module: DrawnModule): DrawnModule | undefined {
  const parts = partsOf(drawing, module.around);
  const next = isColumn(module)
    ? parts.find(({ role }) => role === 'after')
    : parts[parts.findIndex(({ address }) => address === module.address) + 1];
  if (next !== undefined) return next;
  const container = containerOf(drawing, module);
  return container === undefined ? undefined : after(drawing, container);
}

function before(drawing: Drawing, module: DrawnModule): DrawnModule | undefined {
  const parts = partsOf(drawing, module.around);
  const last = isColumn(module) ? undefined : parts[parts.findIndex(({ address }) => address === module.address) - 1];
  const body = module.role === 'after' ? parts.find(({ role }) => role === 'body') : undefined;
  return body ?? last ?? containerOf(drawing, module);
}

/** What stands in the column beside it, or beside a container around it; in that column at the same height. */
function besides(drawing: Drawing, module: DrawnModule, by: -1 | 1): DrawnModule | undefined {
  for (let inner: DrawnModule | undefined = module; inner !== undefined; inner = containerOf(drawing, inner)) {
    if (!isColumn(inner)) continue;
    const columns = partsOf(drawing, inner.around).filter(isColumn);
    const column = columns[columns.indexOf(inner) + by];
    if (column !== undefined) return inner === module ? column : atHeight(drawing, column, module);
  }
  return undefined;
}

function atHeight(drawing: Drawing, column: DrawnModule, beside: DrawnModule): DrawnModule {
  const parts = partsOf(drawing, column.address);
  const distance = (part: DrawnModule) => Math.abs(part.y - beside.y);
  return parts.toSorted((a, b) => distance(a) - distance(b))[0] ?? column;
}

function isColumn({ role }: DrawnModule): boolean {
  return ['body', 'shortcut', 'training', 'evaluation'].includes(role) || role.startsWith('branch');
}
