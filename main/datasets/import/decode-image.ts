import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { isFile, isThere } from '../check-files.ts';
import { pictureForm } from '../../../core/project/import-settings.ts';
import type { ImportSettings, PictureFit } from '../../../core/project/import-settings.ts';
import { sharp } from '../sharp.ts';
import { decodeBmp, isBmp, readBmpHead } from './decode-bmp.ts';

/** What an image's head says of it. */
export interface ImageHead {
  readonly height: number;
  readonly width: number;
  readonly isGrey: boolean;
  readonly isBmp: boolean;
  readonly hasAlpha: boolean;
  /** Frames or pages. */
  readonly pages: number;
}

/** What every image of a data set is brought to. */
export interface ImageForm {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly fit: PictureFit;
  /** `#rrggbb`. */
  readonly background: string;
}

export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string };

const formats = new Set(['png', 'jpeg', 'webp', 'gif', 'tiff']);
/** What is read, in words. */
export const formatsInWords = 'PNG, JPEG, WebP, GIF, TIFF or BMP';
const depths = new Set(['uchar', 'ushort']);

/** The form of a data set's images; what the settings leave open is the default. */
export function imageForm(settings: ImportSettings, size: Pick<ImageForm, 'channels' | 'height' | 'width'>): ImageForm {
  return { ...size, ...pictureForm(settings) };
}

/** As the image is to be looked at: turned as its camera noted. */
export async function readImageHead(file: string | Uint8Array): Promise<Outcome<ImageHead>> {
  // A pipe as a picture would keep the reader waiting for ever.
  if (typeof file === 'string' && (await isThere(file)) && !(await isFile(file))) {
    return { ok: false, reason: 'it is not a regular file' };
  }
  try {
    const { format, autoOrient, space, depth, hasAlpha, pages = 1 } = await sharp(file).metadata();
    if (!formats.has(format)) return { ok: false, reason: `it is ${format}, not ${formatsInWords}` };
    if (!depths.has(depth)) return { ok: false, reason: 'its pixels have neither 8 nor 16 bits per channel' };
    const isGrey = space === 'b-w' || space === 'grey16';
    const { height, width } = autoOrient;
    return { ok: true, value: { height, width, isGrey, isBmp: false, hasAlpha, pages } };
  } catch (error) {
    if (error instanceof Error && /pixel limit/.test(error.message)) {
      return { ok: false, reason: 'it has more than 268 million pixels' };
    }
    return readBmp(file);
  }
}

async function readBmp(file: string | Uint8Array): Promise<Outcome<ImageHead>> {
  const bytes = await contentOf(file);
  if (bytes === null || !isBmp(bytes)) return { ok: false, reason: `it cannot be read as ${formatsInWords}` };
  const head = readBmpHead(bytes);
  if (head === null) return { ok: false, reason: 'it is a compressed or damaged BMP' };
  const { height, width } = head;
  const isGrey = head.bits <= 8 && isGreyPalette(head.palette, head.entry);
  return { ok: true, value: { height, width, isGrey, isBmp: true, hasAlpha: false, pages: 1 } };
}

function isGreyPalette(palette: Uint8Array, entry: number): boolean {
  for (let at = 0; at + 2 < palette.length; at += entry) {
    if (palette[at] !== palette[at + 1] || palette[at] !== palette[at + 2]) return false;
  }
  return true;
}

async function contentOf(file: string | Uint8Array): Promise<Uint8Array | null> {
  return typeof file === 'string' ? readFile(file).catch(() => null) : file;
}

/** Whether the image has another aspect ratio than the form, so that it is cropped, padded or stretched. */
export function isReshaped({ height, width }: Pick<ImageHead, 'height' | 'width'>, form: ImageForm): boolean {
  const scale = Math.max(form.height / height, form.width / width);
  return Math.round(height * scale) !== form.height || Math.round(width * scale) !== form.width;
}

/**
 * The bytes of an image, given as a file's name or its content, channel by channel. What is transparent is laid on the
 * background first, so that one colour comes out at every size; then the image is brought to height × width (Lanczos,
 * three lobes) as `fit` says.
 */
export async function decodeImage(
  file: string | Uint8Array,
  form: ImageForm,
  head: Pick<ImageHead, 'isBmp' | 'hasAlpha'>,
): Promise<Outcome<Uint8Array>> {
  const { height, width, fit, background } = form;
  try {
    const opened = head.isBmp ? await openBmp(file) : sharp(file, { failOn: 'error' });
    // In eight bits and colour before it is laid on the background: 16 bits would give 254 for white, grey no colour.
    const flat = head.hasAlpha ? opened.pipelineColourspace('srgb').flatten({ background }) : opened;
    const { data, info } = await flat
      .autoOrient()
      .resize({ width, height, fit: fit === 'stretch' ? 'fill' : fit, kernel: 'lanczos3', background })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { ok: true, value: byChannel(data, info.channels, form.channels, height * width) };
  } catch {
    return { ok: false, reason: 'it is damaged or truncated' };
  }
}

async function openBmp(file: string | Uint8Array): Promise<Sharp> {
  const bytes = await contentOf(file);
  const raw = bytes === null ? null : decodeBmp(bytes);
  if (raw === null) throw new Error('a damaged BMP');
  return sharp(raw.data, { raw: { width: raw.width, height: raw.height, channels: 3 } });
}

/** The head and the pixels of one image. */
export async function readImage(file: string | Uint8Array, form: ImageForm): Promise<Outcome<Uint8Array>> {
  const head = await readImageHead(file);
  return head.ok ? decodeImage(file, form, head.value) : head;
}

function byChannel(interleaved: Uint8Array, channels: number, wanted: 1 | 3, pixels: number): Uint8Array {
  const isGrey = channels < 3;
  const planes = new Uint8Array(wanted * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = pixel * channels;
    const red = interleaved[at]!;
    const green = isGrey ? red : interleaved[at + 1]!;
    const blue = isGrey ? red : interleaved[at + 2]!;
    if (wanted === 1) {
      planes[pixel] = luma(red, green, blue);
    } else {
      planes[pixel] = red;
      planes[pixels + pixel] = green;
      planes[2 * pixels + pixel] = blue;
    }
  }
  return planes;
}

/** ITU-R BT.601 in sixteen bits of fraction, rounded: what Pillow's convert('L') gives. */
function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
}
