import type { Agreement, Comparison } from '../../../core/evaluation/compare-runs.ts';
import type { ErrorHistory } from '../../../core/evaluation/error-history.ts';
import { epochErrors } from '../../../core/evaluation/error-history.ts';
import type { Judgement } from '../../../core/evaluation/judgement.ts';
import { mismatchesOf, samplesOfCell, sorted } from '../../../core/evaluation/sample-order.ts';
import type { SampleSort } from '../../../core/evaluation/sample-order.ts';

/** What an epoch made of the test samples, against the one before it. */
export type EpochChange = 'wrong' | 'fixed' | 'made';

/** Which test samples the grid shows. */
export type Wanted =
  | { readonly kind: 'wrong' }
  | { readonly kind: 'cell'; readonly label: number; readonly predicted: number }
  /** The hundred that the network is least or most sure of, right or wrong. */
  | { readonly kind: 'leastSure' | 'surest' }
  /** `place` in the history. */
  | { readonly kind: 'epoch'; readonly place: number; readonly change: EpochChange }
  | { readonly kind: 'agreement'; readonly agreement: Agreement };

export interface Listing {
  /** Indices of test samples, in the order to show them. */
  readonly samples: Int32Array;
  /** The class that stands above a sample, and how probable it was held; null where that is not known. */
  readonly predictedOf: (sample: number) => number;
  readonly confidenceOf: (sample: number) => number | null;
}

export interface ListingSource {
  readonly judgement: Judgement;
  readonly history: (ErrorHistory & { readonly confidences: readonly Uint16Array[] }) | null;
  readonly comparison: { readonly comparison: Comparison; readonly other: Judgement } | null;
}

const mostExtremes = 100;

/** How many of so many samples are shown as the most, and as the least, confident: none as both. */
export function extremesOf(samples: number): number {
  return Math.min(mostExtremes, Math.ceil(samples / 2));
}

export function list(wanted: Wanted, sort: SampleSort, source: ListingSource): Listing {
  const { judgement, history, comparison } = source;
  switch (wanted.kind) {
    case 'wrong':
      return listed(sorted(mismatchesOf(judgement), sort, judgement), judgement);
    case 'cell':
      return listed(sorted(samplesOfCell(judgement, wanted), sort, judgement), judgement);
    case 'surest':
      return listed(bySureness(judgement).slice(0, extremesOf(judgement.labels.length)), judgement);
    case 'leastSure':
      return listed(bySureness(judgement).slice(-extremesOf(judgement.labels.length)).toReversed(), judgement);
    case 'epoch':
      return history === null ? nothing : ofEpoch(wanted, sort, judgement, history);
    case 'agreement': {
      if (comparison === null) return nothing;
      const samples = sorted(comparison.comparison.samples[wanted.agreement], sort, judgement);
      // Where this run is right, what the other said is of interest.
      return listed(samples, wanted.agreement === 'onlyFirst' ? comparison.other : judgement);
    }
  }
}

const nothing: Listing = { samples: new Int32Array(0), predictedOf: () => 0, confidenceOf: () => null };

function bySureness(judgement: Judgement): Int32Array {
  return sorted(Int32Array.from(judgement.labels.keys()), 'confidence', judgement);
}

function listed(samples: Int32Array, { predicted, confidences }: Judgement): Listing {
  return { samples, predictedOf: (sample) => predicted[sample]!, confidenceOf: (sample) => confidences[sample]! };
}

function ofEpoch(
  { place, change }: Extract<Wanted, { kind: 'epoch' }>,
  sort: SampleSort,
  judgement: Judgement,
  history: NonNullable<ListingSource['history']>,
): Listing {
  const samples = epochErrors(history, place, judgement.labels)[change];
  // Of a mistake that is mended the mistake is of interest.
  const told = change === 'fixed' ? place - 1 : place;
  const predictedOf = (sample: number): number => history.predicted[told]![sample]!;
  const confidenceOf = (sample: number): number => history.confidences[told]![sample]! / 65_535;
  const order =
    sort === 'confidence'
      ? samples.toSorted((one, other) => confidenceOf(other) - confidenceOf(one) || one - other)
      : sorted(samples, sort, judgement);
  return { samples: order, predictedOf, confidenceOf };
}
