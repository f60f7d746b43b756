import path from 'node:path';
import type { PictureFacts } from '../../../core/contract/data.ts';
import { fail } from '../../failures.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import type { LabelledPicture } from './assign-pictures.ts';
import { automaticSize } from './automatic-size.ts';
import type { AutomaticSize } from './automatic-size.ts';
import { chooseTest } from './choose-test.ts';
import { decodeImage, imageForm, isReshaped, readImageHead } from './decode-image.ts';
import type { ImageForm, ImageHead } from './decode-image.ts';
import { inWindow } from './in-window.ts';
import type { ImageFolder } from './image-folder.ts';
import { splitOf } from './source.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import type { Sample } from './split-writer.ts';

/** Images that are read at once. */
const atOnce = 8;

interface ReadableImage extends LabelledPicture {
  readonly head: ImageHead;
}

/** Looks at the head of every image to find the size and the channels of the set. */
export async function openImages(folder: ImageFolder, request: OpenRequest): Promise<OpenedSource> {
  const { settings, files, place } = request;
  for (const name of folder.lists) files.use('labels', name);
  for (const { name, reason } of folder.leftOut) files.leaveOut(reason, name);
  const readable = await readHeads(folder.images, request);
  if (readable.length === 0) fail('badData', `${place} contains no readable images.`, { at: place });
  const heads = readable.map(({ head }) => head);
  const { height, width, notes } = sizeOf(heads, settings);
  const channels = settings.channels ?? (heads.every(({ isGrey }) => isGrey) ? 1 : 3);
  const isRegression = folder.task === 'regression';
  const labels = isRegression ? null : Int32Array.from(readable, ({ label }) => label);
  const isTest = folder.isSplit
    ? Uint8Array.from(readable, (image) => (image.isTest ? 1 : 0))
    : chooseTest(readable.length, labels, splitOf(settings));
  const form = imageForm(settings, { channels, height, width });
  return {
    kind: 'images',
    form: { inputShape: [channels, height, width], values: 'bytes', targets: isRegression ? 1 : null },
    classNames: isRegression ? [] : folder.classNames,
    columnNames: [],
    targetNames: isRegression ? [folder.targetName] : [],
    isSplit: folder.isSplit,
    notes: [...folder.notes, ...notes],
    pictures: factsOf(heads, form),
    samples: () => readSamples(readable, isTest, form, isRegression ? folder.classNames.map(Number) : null, request),
  };
}

function sizeOf(heads: readonly ImageHead[], { size }: ImportSettings): AutomaticSize {
  if (size === undefined) return automaticSize(heads);
  const [height, width] = size;
  return { height, width, notes: [] };
}

async function readHeads(
  images: readonly LabelledPicture[],
  { place, files, onProgress, signal }: OpenRequest,
): Promise<readonly ReadableImage[]> {
  const readable: ReadableImage[] = [];
  let done = 0;
  for await (const [image, head] of inWindow(images, atOnce, ({ name }) => readImageHead(path.join(place, name)))) {
    signal?.throwIfAborted();
    if (head.ok) readable.push({ ...image, head: head.value });
    else files.leaveOut(head.reason, image.name);
    onProgress({ stage: 'checking images', done: ++done, total: images.length });
  }
  return readable;
}

function factsOf(heads: readonly ImageHead[], form: ImageForm): PictureFacts {
  const count = (is: (head: ImageHead) => boolean): number => heads.filter(is).length;
  return {
    fit: form.fit,
    background: form.background,
    resized: count((head) => head.height !== form.height || head.width !== form.width),
    reshaped: count((head) => isReshaped(head, form)),
    transparent: count(({ hasAlpha }) => hasAlpha),
    multiPage: count(({ pages }) => pages > 1),
    madeGrey: form.channels === 1 ? count(({ isGrey }) => !isGrey) : 0,
    madeColour: form.channels === 3 ? count(({ isGrey }) => isGrey) : 0,
  };
}

async function* readSamples(
  images: readonly ReadableImage[],
  isTest: Uint8Array,
  form: ImageForm,
  /** By label; null: the labels are classes. */
  numbers: readonly number[] | null,
  { place, files, onProgress }: OpenRequest,
): AsyncGenerator<Sample> {
  let done = 0;
  const decode = ({ name, head }: ReadableImage) => decodeImage(path.join(place, name), form, head);
  for await (const [{ name, label }, decoded] of inWindow(images, atOnce, decode)) {
    const isForTest = isTest[done] === 1;
    if (decoded.ok) {
      files.use(isForTest ? 'testing' : 'training', name);
      const target = numbers === null ? label : Float32Array.of(numbers[label]!);
      yield { input: decoded.value, target, isTest: isForTest, name };
    } else {
      files.leaveOut(decoded.reason, name);
    }
    done++;
    onProgress({ stage: 'reading images', done, total: images.length });
  }
}
