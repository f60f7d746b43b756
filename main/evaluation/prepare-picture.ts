import { centredDrawing } from '../../core/evaluation/centred-drawing.ts';
import type { ImportSettings } from '../../core/project/import-settings.ts';
import { imageForm, readImage } from '../datasets/import/decode-image.ts';
import { fail } from '../failures.ts';

/** What is to become of a picture: as the training images were read. */
export interface PictureTarget {
  readonly inputShape: readonly number[];
  readonly settings: ImportSettings;
}

/** A picture file in the shape of a network's data, made as the training images were. `name`: of it, for messages. */
export async function preparePicture(
  file: string | Uint8Array,
  { inputShape, settings }: PictureTarget,
  name: string,
): Promise<Uint8Array> {
  const [channels, height, width] = inputShape;
  if (inputShape.length !== 3 || (channels !== 1 && channels !== 3)) {
    return fail('unavailable', `A network that takes ${inputShape.join(' × ')} cannot take images.`);
  }
  const decoded = await readImage(file, imageForm(settings, { channels, height: height!, width: width! }));
  if (!decoded.ok) return fail('badData', `${name} cannot be used: ${decoded.reason}.`, { at: name });
  return decoded.value;
}

/** Side of the square that a drawing is read in before it is brought to the network's size. */
const drawingSide = 280;

/** A digit drawn dark on light or light on dark, made as MNIST's digits are. */
export async function prepareDrawing(
  file: string | Uint8Array,
  { inputShape, settings }: PictureTarget,
  name: string,
): Promise<Uint8Array> {
  if (inputShape[0] !== 1)
    return fail('unavailable', 'Only grayscale drawings can be centred; these data are in colour.');
  const drawn = await preparePicture(file, { inputShape: [1, drawingSide, drawingSide], settings }, name);
  // Ink takes less of the sheet than paper.
  const isDarkOnLight = drawn.reduce((sum, value) => sum + value, 0) > 127.5 * drawn.length;
  const ink = isDarkOnLight ? drawn.map((value) => 255 - value) : drawn;
  return centredDrawing(
    { pixels: ink, width: drawingSide, height: drawingSide },
    { height: inputShape[1]!, width: inputShape[2]! },
  );
}
