import { centredDrawing } from '../../core/evaluation/centred-drawing.ts';
import { decodeImage } from '../datasets/import/decode-image.ts';
import { fail } from '../failures.ts';

/**
 * A picture file in the shape of a network's data: scaled to fill it, cropped in the middle, grey or in colour.
 * `name`: of the picture, for messages.
 */
export async function preparePicture(
  file: string | Uint8Array,
  inputShape: readonly number[],
  name: string,
): Promise<Uint8Array> {
  const [channels, height, width] = inputShape;
  if (inputShape.length !== 3 || (channels !== 1 && channels !== 3)) {
    return fail('unavailable', `A network that takes ${inputShape.join(' × ')} looks at no pictures.`);
  }
  const decoded = await decodeImage(file, { channels, height: height!, width: width! });
  if (!decoded.ok) return fail('badData', `${name} cannot be used: ${decoded.reason}.`, { at: name });
  return decoded.value;
}

/** Side of the square that a drawing is read in before it is brought to the network's size. */
const drawingSide = 280;

/** A digit drawn dark on light or light on dark, made as MNIST's digits are. */
export async function prepareDrawing(
  file: string | Uint8Array,
  inputShape: readonly number[],
  name: string,
): Promise<Uint8Array> {
  if (inputShape[0] !== 1) return fail('unavailable', 'Only grey drawings are centred; these data are in colour.');
  const drawn = await preparePicture(file, [1, drawingSide, drawingSide], name);
  // Ink takes less of the sheet than paper.
  const isDarkOnLight = drawn.reduce((sum, value) => sum + value, 0) > 127.5 * drawn.length;
  const ink = isDarkOnLight ? drawn.map((value) => 255 - value) : drawn;
  return centredDrawing(
    { pixels: ink, width: drawingSide, height: drawingSide },
    { height: inputShape[1]!, width: inputShape[2]! },
  );
}
