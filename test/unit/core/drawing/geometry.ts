import type { Box, DrawnLine, Drawing } from '../../../../core/drawing/drawing.ts';

/** Everything that must not be on top of something else, in words; empty if the drawing is in order. */
export function faultsOf(drawing: Drawing): readonly string[] {
  return [...overlaps(drawing), ...strays(drawing), ...looseLines(drawing)];
}

interface Named extends Box {
  readonly what: string;
}

/** Modules and marks of one container must stand apart. */
function overlaps({ modules, marks, drops }: Drawing): readonly string[] {
  const groups = new Map<string | null, Named[]>();
  for (const module of modules) place(module.around, { ...module, what: module.address });
  for (const mark of marks) {
    const isEnd = mark.kind === 'input' || mark.kind === 'output';
    place(isEnd ? null : mark.address, { ...mark, what: `${mark.kind} of ${mark.address}` });
  }
  const cards = modules.filter(({ kind }) => kind !== 'frame').map((card) => ({ ...card, what: card.address }));
  const covered = drops.flatMap((drop) =>
    [...cards, ...marks].filter((box) => overlap(drop, box)).map(() => `drop point ${drop.address} lies on a card`),
  );
  return [...[...groups.values()].flatMap(pairs), ...covered];

  function place(around: string | null, box: Named): void {
    groups.set(around, [...(groups.get(around) ?? []), box]);
  }
}

function pairs(boxes: readonly Named[]): readonly string[] {
  return boxes.flatMap((box, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => overlap(box, other))
      .map((other) => `${box.what} overlaps ${other.what}`),
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Everything lies in its frame below the header, and on the sheet. */
function strays({ width, height, modules, marks, drops }: Drawing): readonly string[] {
  const frames = new Map(modules.map((module) => [module.address, module]));
  const sheet = { x: 0, y: 0, width, height };
  const inFrames = modules.flatMap((module) => {
    const frame = module.around === null ? undefined : frames.get(module.around);
    if (module.around !== null && frame?.kind !== 'frame') return [`${module.address} has no frame around`];
    return lies(module, frame === undefined ? sheet : below(frame)) ? [] : [`${module.address} leaves its frame`];
  });
  const outside = [...marks, ...drops].filter((box) => !lies(box, sheet)).map(({ kind }) => `${kind} leaves the sheet`);
  return [...inFrames, ...outside];
}

function below(frame: Box & { readonly headerHeight: number }): Box {
  return { ...frame, y: frame.y + frame.headerHeight, height: frame.height - frame.headerHeight };
}

function lies(box: Box, outer: Box): boolean {
  const isBeside = box.x >= outer.x && box.x + box.width <= outer.x + outer.width;
  return isBeside && box.y >= outer.y && box.y + box.height <= outer.y + outer.height;
}

/** A line begins and ends at the edge of something, is straight in pieces, and runs over no card. */
function looseLines({ modules, marks, drops, lines }: Drawing): readonly string[] {
  const cards = modules.filter(({ kind }) => kind !== 'frame');
  const frames = modules.filter(({ kind }) => kind === 'frame');
  const edges: readonly Box[] = [
    ...cards,
    ...marks,
    ...frames,
    ...frames.map(below),
    ...drops.filter(({ kind }) => kind === 'empty'),
  ];
  return lines.flatMap((line) => {
    const ends = [line.points[0]!, line.points.at(-1)!];
    const loose = ends
      .filter((end) => !edges.some((box) => isOnEdge(end, box)))
      .map((end) => `a line ends at ${end.join(', ')}`);
    const pieces = piecesOf(line);
    const slanted = pieces.filter(({ width, height }) => width !== 0 && height !== 0).map(() => 'a line is slanted');
    const crossing = pieces.flatMap((piece) =>
      [...cards, ...marks].filter((box) => overlap(piece, box)).map(() => `a line runs over a card`),
    );
    return [...loose, ...slanted, ...crossing];
  });
}

function isOnEdge([x, y]: readonly [number, number], box: Box): boolean {
  const isWithin = x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  return isWithin && (x === box.x || x === box.x + box.width || y === box.y || y === box.y + box.height);
}

function piecesOf({ points }: DrawnLine): readonly Box[] {
  return points.slice(1).map(([x, y], index) => {
    const [fromX, fromY] = points[index]!;
    return { x: Math.min(x, fromX), y: Math.min(y, fromY), width: Math.abs(x - fromX), height: Math.abs(y - fromY) };
  });
}
