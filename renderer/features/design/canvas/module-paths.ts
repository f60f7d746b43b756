import type { Box, Drawing, DrawnModule } from '../../../../core/drawing/drawing.ts';

export interface ModulePath {
  readonly kind: 'frame' | 'odd' | 'card' | 'closed' | 'faulty';
  readonly family: string;
  /** Of an SVG path: a rectangle a module. */
  readonly data: string;
}

/** Modules as rectangles, those that look the same in one path: frames by depth, then the cards by family. */
export function modulePaths(drawing: Drawing): readonly ModulePath[] {
  const paths = new Map<string, { kind: ModulePath['kind']; family: string; data: string }>();
  const frames = drawing.modules.filter(({ kind }) => kind === 'frame').toSorted((a, b) => a.depth - b.depth);
  for (const module of [...frames, ...drawing.modules.filter(({ kind }) => kind !== 'frame')]) {
    const kind = kindOf(module);
    const key = module.kind === 'frame' ? `${kind} ${module.depth}` : `${kind} ${module.family}`;
    const path = paths.get(key) ?? { kind, family: module.kind === 'frame' ? key : module.family, data: '' };
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
