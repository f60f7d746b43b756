import { cornerOf, placesBetween } from './grid-layout.ts';
import type { GridLayout } from './grid-layout.ts';
import { imageOffset } from './grid-size.ts';
import type { SampleImages } from './sample-images.ts';

export interface GridColours {
  readonly paper: string;
  readonly text: string;
  readonly quiet: string;
  readonly wrong: string;
  readonly empty: string;
  readonly chosen: string;
  readonly font: string;
}

/** What a grid shows, apart from where. */
export interface GridContent {
  readonly layout: GridLayout;
  readonly images: SampleImages;
  /** CSS pixels of one side of an image. */
  readonly imageSize: { readonly width: number; readonly height: number };
  readonly nameOf: (label: number) => string;
  readonly predictedOf: (sample: number) => number;
  readonly labelOf: (sample: number) => number;
  /** "12 wrong". */
  readonly countWords: (count: number) => string;
  /** Place in the order; null: none. */
  readonly chosen: number | null;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws what is seen of a grid between two heights of it; the context's origin is the upper edge of what is seen. */
export function paintGrid(
  context: Context,
  content: GridContent,
  colours: GridColours,
  view: { readonly top: number; readonly width: number; readonly height: number },
): void {
  const { layout } = content;
  const bottom = view.top + view.height;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, view.width, view.height);
  context.imageSmoothingEnabled = false;
  context.textBaseline = 'alphabetic';
  for (const band of layout.bands) {
    if (band.top > bottom || band.top + Math.max(40, band.lines * layout.cell.height) < view.top) continue;
    paintName(context, content, colours, band.label, band.count, band.top - view.top);
    const { from, to } = placesBetween(layout, band, view.top, bottom);
    for (let place = from; place < to; place++) paintSample(context, content, colours, place, view.top);
  }
}

function paintName(
  context: Context,
  { layout, nameOf, countWords }: GridContent,
  colours: GridColours,
  label: number,
  count: number,
  y: number,
): void {
  context.textAlign = 'left';
  context.fillStyle = colours.text;
  context.font = `600 15px ${colours.font}`;
  context.fillText(cut(nameOf(label), layout.left - 20, context), 12, y + 18);
  context.fillStyle = colours.quiet;
  context.font = `11px ${colours.font}`;
  context.fillText(countWords(count), 12, y + 34, layout.left - 20);
}

/** As much of a text as there is room for: narrower letters would be hard to read. */
function cut(text: string, width: number, context: Context): string {
  if (context.measureText(text).width <= width) return text;
  let shown = text;
  while (shown !== '' && context.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown.trimEnd()}…`;
}

function paintSample(
  context: Context,
  { layout, images, imageSize, nameOf, predictedOf, labelOf, chosen }: GridContent,
  colours: GridColours,
  place: number,
  top: number,
): void {
  const sample = layout.order[place]!;
  const corner = cornerOf(layout, place);
  const offset = imageOffset(layout.cell, imageSize);
  const x = corner.x + offset.x;
  const y = corner.y - top + offset.y;
  const predicted = predictedOf(sample);
  context.textAlign = 'center';
  context.font = `${predicted === labelOf(sample) ? '' : '600 '}12px ${colours.font}`;
  context.fillStyle = predicted === labelOf(sample) ? colours.quiet : colours.wrong;
  context.fillText(cut(nameOf(predicted), layout.cell.width - 4, context), corner.x + layout.cell.width / 2, y - 4);
  const image = images.get(sample);
  if (image === undefined) {
    context.fillStyle = colours.empty;
    context.fillRect(x, y, imageSize.width, imageSize.height);
  } else {
    const { width, height } = images;
    context.drawImage(image.sheet, image.x, image.y, width, height, x, y, imageSize.width, imageSize.height);
  }
  // An image as bright as the paper would have no edge.
  context.strokeStyle = colours.empty;
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, imageSize.width + 1, imageSize.height + 1);
  if (place !== chosen) return;
  context.strokeStyle = colours.chosen;
  context.lineWidth = 2;
  context.strokeRect(x - 2, y - 2, imageSize.width + 4, imageSize.height + 4);
}
