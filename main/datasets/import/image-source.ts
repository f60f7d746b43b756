import { fail } from '../../failures.ts';
import { chooseTest } from './choose-test.ts';
import { decodeImage, readImageHead } from './decode-image.ts';
import type { ImageHead } from './decode-image.ts';
import { inWindow } from './in-window.ts';
import type { ImageFile, ImageFolder } from './image-folder.ts';
import { splitNote, splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';

/** Images that are read at once. */
const atOnce = 8;

/** Looks at the head of every image to find the size and the channels of the set. */
export async function openImages(folder: ImageFolder, request: OpenRequest): Promise<OpenedSource> {
  const { settings, skipped, onProgress, signal, place } = request;
  for (const name of folder.others) skipped.add('its name does not end in .png, .jpg, .jpeg or .webp', name);
  for (const name of folder.withoutTraining) skipped.add('its class has no images for training', name);
  const readable: ImageFile[] = [];
  const heads: ImageHead[] = [];
  for await (const [image, head] of inWindow(folder.images, atOnce, ({ file }) => readImageHead(file))) {
    signal?.throwIfAborted();
    if (head.ok) {
      readable.push(image);
      heads.push(head.value);
    } else {
      skipped.add(head.reason, image.name);
    }
    onProgress({ stage: 'looking at images', done: heads.length, total: folder.images.length });
  }
  if (readable.length === 0) fail('badData', `${place} holds no image that can be read.`, { at: place });
  const [height, width] = settings.size ?? commonestSize(heads);
  const channels = settings.channels ?? (heads.every(({ isGrey }) => isGrey) ? 1 : 3);
  const resized = heads.filter((head) => head.height !== height || head.width !== width).length;
  const labels = Int32Array.from(readable, ({ label }) => label);
  const isTest = folder.isSplit
    ? Uint8Array.from(readable, (image) => (image.isTest ? 1 : 0))
    : chooseTest(readable.length, labels, splitOf(settings));
  const form = { channels, height, width };
  return {
    kind: 'images',
    form: { inputShape: [channels, height, width], values: 'bytes', targets: null },
    classNames: folder.classNames,
    columnNames: [],
    targetNames: [],
    notes: [
      ...(resized > 0 ? [`Images resized to ${height} × ${width}: ${resized}.`] : []),
      splitNote(folder.isSplit, settings),
    ],
    samples: () => readSamples(readable, isTest, form, request),
  };
}

async function* readSamples(
  images: readonly ImageFile[],
  isTest: Uint8Array,
  form: { readonly channels: 1 | 3; readonly height: number; readonly width: number },
  { skipped, onProgress }: OpenRequest,
): AsyncGenerator<Sample> {
  let done = 0;
  for await (const [image, decoded] of inWindow(images, atOnce, ({ file }) => decodeImage(file, form))) {
    if (decoded.ok) yield { input: decoded.value, target: image.label, isTest: isTest[done] === 1 };
    else skipped.add(decoded.reason, image.name);
    done++;
    onProgress({ stage: 'reading images', done, total: images.length });
  }
}

/** [height, width]; of equally common ones the smallest. */
function commonestSize(heads: readonly ImageHead[]): readonly [number, number] {
  const counts = new Map<string, { readonly size: readonly [number, number]; count: number }>();
  for (const { height, width } of heads) {
    const known = counts.get(`${height}×${width}`) ?? { size: [height, width] as const, count: 0 };
    known.count++;
    counts.set(`${height}×${width}`, known);
  }
  const area = ([height, width]: readonly [number, number]): number => height * width;
  const [first] = [...counts.values()].sort(
    (one, other) => other.count - one.count || area(one.size) - area(other.size),
  );
  return first!.size;
}
