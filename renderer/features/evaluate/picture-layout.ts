import { layOut } from './grid-layout.ts';
import type { GridLayout } from './grid-layout.ts';
import { gridSize } from './grid-size.ts';

/** Columns of a picture that is kept; its images are about so many pixels wide. */
const picture = { columns: 30, image: 56 };
/** What a canvas of Chromium can hold. */
const longestSide = 16_384;

/** Left of the first column. */
export const nameWidth = 96;

/** Where everything stands in the picture: smaller images where there are too many for one picture. */
export function pictureLayout(
  samples: Int32Array,
  labels: Int32Array,
  classes: number,
  image: { readonly width: number; readonly height: number },
  longestName: number,
): {
  readonly layout: GridLayout;
  readonly imageSize: { width: number; height: number };
  readonly width: number;
} | null {
  for (const wanted of [picture.image, picture.image / 2]) {
    const { image: imageSize, cell } = gridSize(image, wanted, 1, longestName);
    for (const columns of [picture.columns, picture.columns * 2, picture.columns * 4]) {
      const width = nameWidth + columns * cell.width;
      if (width > longestSide) break;
      const layout = layOut(samples, labels, classes, { width, left: nameWidth, cell });
      if (layout.height <= longestSide) return { layout, imageSize, width };
    }
  }
  return null;
}
