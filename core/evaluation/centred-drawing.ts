/** Grey: 0 is paper, 255 ink; row by row. */
export interface GreyDrawing {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Of MNIST's 28 pixels the digit's box has 20. */
const share = 20 / 28;

/**
 * A drawing as the authors of MNIST made their digits (LeCun, Bottou, Bengio, Haffner 1998, section III.A, and
 * LeCun's page on the set): scaled so that it fits a box of 20 × 20 with its proportions kept, the greys from the
 * scaling kept, and put into 28 × 28 with its centre of mass in the middle. Of other sizes in proportion.
 */
export function centredDrawing(
  drawing: GreyDrawing,
  size: { readonly width: number; readonly height: number },
): Uint8Array {
  const made = new Uint8Array(size.width * size.height);
  const box = boxOfInk(drawing);
  if (box === null) return made;
  const side = Math.min(size.width, size.height) * share;
  const scale = side / Math.max(box.width, box.height);
  const [width, height] = [box.width, box.height].map((length) => Math.max(1, Math.round(length * scale))) as [
    number,
    number,
  ];
  const scaled = shrunk(drawing, box, width, height);
  const centre = centreOfMass(scaled, width);
  const left = Math.round(size.width / 2 - centre.x);
  const top = Math.round(size.height / 2 - centre.y);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [toX, toY] = [x + left, y + top];
      if (toX < 0 || toY < 0 || toX >= size.width || toY >= size.height) continue;
      made[toY * size.width + toX] = Math.round(scaled[y * width + x]!);
    }
  }
  return made;
}

/** The whole sheet, scaled. */
export function wholeDrawing(
  drawing: GreyDrawing,
  size: { readonly width: number; readonly height: number },
): Uint8Array {
  const { width, height } = drawing;
  return Uint8Array.from(shrunk(drawing, { x: 0, y: 0, width, height }, size.width, size.height), Math.round);
}

interface InkBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fainter than this is no ink: what a scan leaves of its paper. */
const faint = 32;

function boxOfInk({ pixels, width }: GreyDrawing): InkBox | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (const [at, ink] of pixels.entries()) {
    if (ink < faint) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Each pixel the mean of the area that it covers. */
function shrunk({ pixels, width: across }: GreyDrawing, box: InkBox, width: number, height: number): Float64Array {
  const made = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = covered(y, box.height / height, box.height);
    for (let x = 0; x < width; x++) {
      const columns = covered(x, box.width / width, box.width);
      let [sum, area] = [0, 0];
      for (const row of rows) {
        for (const column of columns) {
          const part = row.part * column.part;
          sum += part * pixels[(box.y + row.at) * across + box.x + column.at]!;
          area += part;
        }
      }
      made[y * width + x] = sum / area;
    }
  }
  return made;
}

/** Which of the old pixels a new one covers, and how much of each. */
function covered(place: number, step: number, most: number): readonly { readonly at: number; readonly part: number }[] {
  const [from, to] = [place * step, (place + 1) * step];
  const parts: { at: number; part: number }[] = [];
  for (let at = Math.floor(from); at < Math.min(most, Math.ceil(to)); at++) {
    parts.push({ at, part: Math.min(to, at + 1) - Math.max(from, at) });
  }
  return parts;
}

/** In pixels from the left upper corner; a single pixel's is its middle. */
function centreOfMass(pixels: Float64Array, width: number): { readonly x: number; readonly y: number } {
  let [mass, x, y] = [0, 0, 0];
  for (const [at, ink] of pixels.entries()) {
    mass += ink;
    x += ink * ((at % width) + 0.5);
    y += ink * (Math.floor(at / width) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}
