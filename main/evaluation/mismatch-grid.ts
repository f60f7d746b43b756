import { encode } from 'fast-png';
import type { Colour, Image } from './canvas.ts';
import { drawImage, makeCanvas } from './canvas.ts';
import { drawText, textWidth } from './text.ts';
import type { Glyphs } from './text.ts';

/** An image that the network took for another class than its own. */
export interface Mismatch {
  readonly label: number;
  readonly judged: number;
  readonly image: Image;
}

const paper: Colour = [255, 255, 255];
const ink: Colour = [20, 20, 20];
const faint: Colour = [110, 110, 110];

/** Sizes in pixels. */
const imageScale = 2;
const gap = 6;
const textScale = 1;

/** A row of more images than this goes on below, still beside its own label. */
const imagesInARow = 40;

/**
 * A PNG of all mismatches: a row for each true class, named and counted at the left, and above every image what the
 * network said it was.
 */
export function mismatchGrid(
  mismatches: readonly Mismatch[],
  classNames: readonly string[],
  glyphs: Glyphs,
): Uint8Array {
  const rows = classNames.map((_, label) => mismatches.filter((mismatch) => mismatch.label === label));
  const layout = measure(mismatches, rows, classNames, glyphs);
  const canvas = makeCanvas(layout.width, layout.height, paper);
  let y = gap;
  for (const [label, row] of rows.entries()) {
    const name = classNames[label] ?? '';
    drawText(canvas, glyphs, name, { x: gap, y: y + layout.caption, scale: layout.labelScale, colour: ink });
    const below = y + layout.caption + (glyphs.height + 2) * layout.labelScale;
    drawText(canvas, glyphs, `${row.length} wrong`, { x: gap, y: below, scale: textScale, colour: faint });
    for (const [index, { judged, image }] of row.entries()) {
      const x = layout.left + (index % imagesInARow) * layout.cellWidth;
      const top = y + Math.floor(index / imagesInARow) * layout.cellHeight;
      const predicted = classNames[judged] ?? String(judged);
      const middle = x + Math.floor((layout.cellWidth - gap - textWidth(glyphs, predicted, layout.predictedScale)) / 2);
      drawText(canvas, glyphs, predicted, { x: middle, y: top, scale: layout.predictedScale, colour: ink });
      drawImage(canvas, image, x + layout.indent, top + layout.caption, imageScale);
    }
    y += layout.cellHeight * linesOf(row);
  }
  return encode({ width: canvas.width, height: canvas.height, channels: 3, data: canvas.data });
}

function linesOf(row: readonly Mismatch[]): number {
  return Math.max(1, Math.ceil(row.length / imagesInARow));
}

function measure(
  mismatches: readonly Mismatch[],
  rows: readonly (readonly Mismatch[])[],
  classNames: readonly string[],
  glyphs: Glyphs,
): {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly caption: number;
  readonly indent: number;
  readonly predictedScale: number;
  readonly labelScale: number;
} {
  const image = mismatches[0]?.image ?? { width: 28, height: 28 };
  // Digits are read better large; whole words must fit above their image.
  const areShort = classNames.every((name) => name.length <= 2);
  const predictedScale = areShort ? 2 : textScale;
  const labelScale = areShort ? 4 : 2;
  const widest = (scale: number): number => Math.max(...classNames.map((name) => textWidth(glyphs, name, scale)));
  const imageWidth = image.width * imageScale;
  const cellWidth = Math.max(imageWidth, widest(predictedScale)) + gap;
  const caption = (glyphs.height + 2) * predictedScale;
  const labelHeight = (glyphs.height + 2) * labelScale + glyphs.height * textScale;
  const cellHeight = caption + Math.max(image.height * imageScale, labelHeight) + gap;
  const left = 2 * gap + Math.max(widest(labelScale), textWidth(glyphs, '9999 wrong', textScale));
  const columns = Math.min(imagesInARow, Math.max(1, ...rows.map((row) => row.length)));
  const lines = rows.reduce((sum, row) => sum + linesOf(row), 0);
  return {
    width: left + columns * cellWidth + gap,
    height: gap + lines * cellHeight,
    left,
    cellWidth,
    cellHeight,
    caption,
    indent: Math.floor((cellWidth - gap - imageWidth) / 2),
    predictedScale,
    labelScale,
  };
}
