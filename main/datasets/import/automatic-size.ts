import type { ImageHead } from './decode-image.ts';

type Size = Pick<ImageHead, 'height' | 'width'>;

export interface AutomaticSize extends Size {
  /** Sentences for the report. */
  readonly notes: readonly string[];
}

/** A size that fewer images have is an accident, and nearly all of them would be scaled and cropped to it. */
const commonShare = 1 / 5;

/**
 * What images are brought to where no size is set: the commonest size, of equally common ones the smallest. Where no size
 * is common it is the median height and width, or a square of the median side where many images are wide and many are
 * high, so that as many become smaller as larger and as few edges as possible are cropped.
 */
export function automaticSize(sizes: readonly Size[]): AutomaticSize {
  const { height, width, count } = commonestSize(sizes);
  const images = sizes.length;
  const isCommon = (some: number): boolean => some >= images * commonShare;
  if (images < 2 || (count > 1 && isCommon(count))) return { height, width, notes: [] };
  const areMixed =
    isCommon(sizes.filter((size) => size.width > size.height).length) &&
    isCommon(sizes.filter((size) => size.height > size.width).length);
  const [heights, widths] = [sizes.map((size) => size.height), sizes.map((size) => size.width)];
  const side = medianOf([...heights, ...widths]);
  const median = areMixed ? { height: side, width: side } : { height: medianOf(heights), width: medianOf(widths) };
  const why =
    count === 1
      ? 'No two images have the same size'
      : `The most common image size, ${height} × ${width}, is that of ${count} of ${images} images`;
  const used = areMixed ? 'the median side is used' : 'the median height and width are used';
  const note = `${why}, so ${used}: ${median.height} × ${median.width}. Set another size in Data (data.import.size).`;
  return { ...median, notes: [note] };
}

function commonestSize(sizes: readonly Size[]): Size & { readonly count: number } {
  const counts = new Map<string, Size & { count: number }>();
  for (const { height, width } of sizes) {
    const known = counts.get(`${height}×${width}`) ?? { height, width, count: 0 };
    known.count++;
    counts.set(`${height}×${width}`, known);
  }
  const area = ({ height, width }: Size): number => height * width;
  const [first] = [...counts.values()].sort((one, other) => other.count - one.count || area(one) - area(other));
  return first!;
}

/** Of an even number of values the smaller one in the middle. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)]!;
}
