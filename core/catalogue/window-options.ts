import { integers, pair } from './option.ts';
import type { IntegersOption, PairOption } from './option.ts';
import type { Dimensions } from './shape.ts';

/** Sizes, one a dimension: a pair for images. */
type Sizes = PairOption | IntegersOption;

interface Limits {
  readonly minimum: number;
  /** Of every dimension. */
  readonly default?: number;
  readonly sameAs?: string;
}

const extents = { 1: 'Length', 2: 'Height and width', 3: 'Depth, height and width' } as const;

/** The options that layers with windows share, as they are for sequences, images or volumes. */
export function windowOptions(dimensions: Dimensions) {
  const sizes = (help: string, { minimum, default: standard, sameAs }: Limits): Sizes => {
    const rest = sameAs === undefined ? {} : { sameAs };
    if (dimensions === 2) {
      return pair(help, { minimum, ...rest, ...(standard === undefined ? {} : { default: [standard, standard] }) });
    }
    const list = standard === undefined ? {} : { default: new Array<number>(dimensions).fill(standard) };
    return integers(help, minimum, { count: dimensions, ...rest, ...list });
  };
  return {
    /** What a help says of what `kernel` measures. */
    extent: extents[dimensions],
    sizes,
    kernel: (help: string) => sizes(help, { minimum: 1 }),
    stride: (help: string) => sizes(help, { minimum: 1, default: 1 }),
    dilation: (help: string) => sizes(help, { minimum: 1, default: 1 }),
  };
}
