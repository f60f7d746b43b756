import sharp from 'sharp';

/** What an image's head says of it. */
export interface ImageHead {
  readonly height: number;
  readonly width: number;
  readonly isGrey: boolean;
}

export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string };

const formats = new Set(['png', 'jpeg', 'webp']);

/** As the image is to be looked at: turned as its camera noted. */
export async function readImageHead(file: string): Promise<Outcome<ImageHead>> {
  try {
    const { format, autoOrient, space } = await sharp(file).metadata();
    if (!formats.has(format)) return { ok: false, reason: `it is ${format}, not PNG, JPEG or WebP` };
    const isGrey = space === 'b-w' || space === 'grey16';
    return { ok: true, value: { height: autoOrient.height, width: autoOrient.width, isGrey } };
  } catch {
    return { ok: false, reason: 'it cannot be read as PNG, JPEG or WebP' };
  }
}

/**
 * The bytes of an image, given as a file's name or its content, channel by channel. One of another size is scaled so that it covers height × width (Lanczos,
 * three lobes), and what stands over is cut off evenly. What is see-through loses only that.
 */
export async function decodeImage(
  file: string | Uint8Array,
  form: { readonly channels: 1 | 3; readonly height: number; readonly width: number },
): Promise<Outcome<Uint8Array>> {
  const { height, width } = form;
  try {
    const { data, info } = await sharp(file, { failOn: 'error' })
      .autoOrient()
      .resize({ width, height, fit: 'cover', kernel: 'lanczos3' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { ok: true, value: byChannel(data, info.channels, form.channels, height * width) };
  } catch {
    return { ok: false, reason: 'it is damaged or cut off' };
  }
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
