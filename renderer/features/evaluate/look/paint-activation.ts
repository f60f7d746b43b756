import type { LookActivation } from '../../../../core/contract/look.ts';

/** More channels are not drawn. */
export const mostChannels = 256;
const gap = 2;
/** Pixels of a small picture, about. */
const wanted = 52;
/** Of a vector's bars. */
const bars = { height: 96, width: 6 };

/** How the tensor of one layer is laid out: channels as pictures, or the numbers of a vector as bars. */
export interface ActivationLayout {
  readonly kind: 'pictures' | 'bars';
  readonly count: number;
  readonly all: number;
  readonly columns: number;
  /** Of one activation on the canvas. */
  readonly scale: number;
  readonly cell: { readonly width: number; readonly height: number };
  readonly width: number;
  readonly height: number;
}

/** `room`: pixels across. */
export function layOutActivation({ shape, values }: LookActivation, room: number): ActivationLayout {
  const [all, height, width] = shape.length === 3 ? shape : shape.length === 2 ? [1, ...shape] : [values.length, 1, 1];
  if (height === undefined || width === undefined || all === undefined || (height === 1 && width === 1)) {
    const across = Math.max(1, Math.min(bars.width, Math.floor(room / values.length)));
    const count = Math.min(values.length, Math.floor(room / across));
    const size = { width: count * across, height: bars.height };
    return { kind: 'bars', count, all: values.length, columns: count, scale: across, cell: size, ...size };
  }
  const count = Math.min(all, mostChannels);
  const scale = Math.max(1, Math.min(Math.floor(wanted / Math.max(height, width)), Math.floor(room / width)));
  const cell = { width: width * scale + gap, height: height * scale + gap };
  const columns = Math.max(1, Math.min(count, Math.floor(room / cell.width)));
  const rows = Math.ceil(count / columns);
  return {
    ...{ kind: 'pictures' as const, count, all, columns, scale, cell },
    ...{ width: columns * cell.width, height: rows * cell.height },
  };
}

/** Channels in greys from the least of the layer, black, to the most, white; bars from zero. */
export function paintActivation(
  context: CanvasRenderingContext2D,
  activation: LookActivation,
  layout: ActivationLayout,
  colours: { readonly bar: string; readonly line: string },
): void {
  context.clearRect(0, 0, layout.width, layout.height);
  if (layout.kind === 'bars') paintBars(context, activation, layout, colours);
  else paintPictures(context, activation, layout);
}

function paintPictures(context: CanvasRenderingContext2D, activation: LookActivation, layout: ActivationLayout): void {
  const { values, least, most } = activation;
  const { scale, columns, cell, count } = layout;
  const [width, height] = [(cell.width - gap) / scale, (cell.height - gap) / scale];
  const factor = most > least ? 255 / (most - least) : 0;
  const picture = new OffscreenCanvas(width, height);
  const small = picture.getContext('2d')!;
  const image = new ImageData(width, height);
  context.imageSmoothingEnabled = false;
  for (let channel = 0; channel < count; channel++) {
    for (let at = 0; at < width * height; at++) {
      const grey = (values[channel * width * height + at]! - least) * factor;
      image.data.set([grey, grey, grey, 255], 4 * at);
    }
    small.putImageData(image, 0, 0);
    const [x, y] = [(channel % columns) * cell.width, Math.floor(channel / columns) * cell.height];
    context.drawImage(picture, x, y, width * scale, height * scale);
  }
}

function paintBars(
  context: CanvasRenderingContext2D,
  { values, least, most }: LookActivation,
  { count, scale, height }: ActivationLayout,
  colours: { readonly bar: string; readonly line: string },
): void {
  const [bottom, top] = [Math.min(0, least), Math.max(0, most)];
  const span = top > bottom ? top - bottom : 1;
  const zero = (height - 1) * (top / span);
  context.fillStyle = colours.bar;
  for (let at = 0; at < count; at++) {
    const end = (height - 1) * ((top - values[at]!) / span);
    const across = scale > 2 ? scale - 1 : scale;
    context.fillRect(at * scale, Math.min(zero, end), across, Math.max(1, Math.abs(end - zero)));
  }
  context.fillStyle = colours.line;
  context.fillRect(0, zero, count * scale, 1);
}
