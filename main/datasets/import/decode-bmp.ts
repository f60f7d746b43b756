/** A picture without compression: rows of red, green and blue. */
export interface RawPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

interface BmpHead {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly dataAt: number;
  readonly palette: Uint8Array;
  /** Bytes of an entry of the palette. */
  readonly entry: 3 | 4;
  /** Of 16 and 32 bits: where red, green and blue lie. */
  readonly masks: readonly [number, number, number];
}

/** A side of a picture that is read. */
const longestSide = 32_768;

export function isBmp(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x4d && bytes.length >= 26;
}

/**
 * Windows bitmaps without compression, of 1, 4, 8, 16, 24 or 32 bits a pixel; an alpha channel is ignored, as Windows
 * ignores it. Null: compressed, damaged or cut off.
 */
export function readBmpHead(bytes: Uint8Array): BmpHead | null {
  if (!isBmp(bytes)) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const dataAt = view.getUint32(10, true);
  const headBytes = view.getUint32(14, true);
  const isOld = headBytes === 12;
  if (!isOld && (headBytes < 40 || bytes.length < 54)) return null;
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isOld ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? 0 : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  const hasMasks = compression === 3 || compression === 6;
  if (width < 1 || height < 1 || width > longestSide || height > longestSide) return null;
  if (![1, 4, 8, 16, 24, 32].includes(bits) || (compression !== 0 && !(hasMasks && bits >= 16 && bits !== 24)))
    return null;
  if (hasMasks && bytes.length < 66) return null;
  const masks = hasMasks
    ? ([view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)] as const)
    : bits === 16
      ? ([0x7c00, 0x03e0, 0x001f] as const)
      : ([0xff0000, 0xff00, 0xff] as const);
  const palette = bytes.subarray(14 + headBytes, Math.max(14 + headBytes, dataAt));
  return { width, height, isTopDown: signedHeight < 0, bits, dataAt, palette, entry: isOld ? 3 : 4, masks };
}

export function decodeBmp(bytes: Uint8Array): RawPicture | null {
  const head = readBmpHead(bytes);
  if (head === null) return null;
  const { width, height, bits, dataAt } = head;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (bytes.length < dataAt + rowBytes * (height - 1) + Math.ceil((width * bits) / 8)) return null;
  const data = new Uint8Array(width * height * 3);
  const colour = bits <= 8 ? paletteColour(bytes, head) : maskedColour(bytes, head);
  for (let row = 0; row < height; row++) {
    const from = dataAt + rowBytes * (head.isTopDown ? row : height - 1 - row);
    for (let column = 0; column < width; column++) colour(from, column, data, (row * width + column) * 3);
  }
  return { data, width, height };
}

/** Writes red, green and blue of the pixel `column` of the row that begins at `from` to `target` at `at`. */
type WriteColour = (from: number, column: number, target: Uint8Array, at: number) => void;

function paletteColour(bytes: Uint8Array, { bits, palette, entry }: BmpHead): WriteColour {
  const mask = (1 << bits) - 1;
  return (from, column, target, at) => {
    const bit = column * bits;
    const index = (bytes[from + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask;
    for (let channel = 0; channel < 3; channel++) target[at + channel] = palette[index * entry + 2 - channel] ?? 0;
  };
}

function maskedColour(bytes: Uint8Array, { bits, masks }: BmpHead): WriteColour {
  if (bits === 24) {
    return (from, column, target, at) => {
      for (let channel = 0; channel < 3; channel++) target[at + channel] = bytes[from + column * 3 + 2 - channel]!;
    };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = bits / 8;
  return (from, column, target, at) => {
    const pixel = bits === 16 ? view.getUint16(from + column * size, true) : view.getUint32(from + column * size, true);
    for (const [channel, mask] of masks.entries()) target[at + channel] = scaled(pixel, mask);
  };
}

/** The bits under the mask as 0…255. */
function scaled(pixel: number, mask: number): number {
  if (mask === 0) return 0;
  const low = mask & -mask;
  const greatest = (mask >>> 0) / (low >>> 0);
  return Math.round((255 * (((pixel & mask) >>> 0) / (low >>> 0))) / greatest);
}
