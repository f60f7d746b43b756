import type { Box, Drawing, DrawnModule } from '../../../../core/drawing/drawing.ts';
import type { Address } from '../../../../core/network/address.ts';

export interface ModulePath {
  readonly kind: 'frame' | 'odd' | 'card' | 'closed' | 'faulty';
  readonly family: string;
  /** Of a profiled card, in twentieths: its heat, in the place of the family's colour. */
  readonly level?: number | undefined;
  /** Of an SVG path: a rectangle a module. */
  readonly data: string;
}

/** Modules as rectangles, those that look the same in one path: frames by depth, then the cards by heat or family. */
export function modulePaths(drawing: Drawing, heatOf: (address: Address) => number | undefined): readonly ModulePath[] {
  const paths = new Map<string, Omit<ModulePath, 'data'> & { data: string }>();
  const frames = drawing.modules.filter(({ kind }) => kind === 'frame').toSorted((a, b) => a.depth - b.depth);
  for (const module of [...frames, ...drawing.modules.filter(({ kind }) => kind !== 'frame')]) {
    const kind = kindOf(module);
    const isFrame = module.kind === 'frame';
    const heat = isFrame ? undefined : heatOf(module.address);
    const level = heat === undefined ? undefined : Math.round(heat * 20) / 20;
    const key = isFrame ? `${kind} ${module.depth}` : `${kind} ${level ?? module.family}`;
    const path = paths.get(key) ?? { kind, family: isFrame ? key : module.family, level, data: '' };
    path.data += rectangle(module);
    paths.set(key, path);
  }
  return [...paths.values()];
}

function kindOf({ kind, isFaulty, depth }: DrawnModule): ModulePath['kind'] {
  if (kind === 'frame') return depth % 2 === 1 ? 'odd' : 'frame';
  return isFaulty ? 'faulty' : kind;
}

function rectangle({ x, y, width, height }: Box): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}
