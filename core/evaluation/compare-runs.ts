import type { Judgement } from './judgement.ts';

export const agreements = ['bothRight', 'onlyFirst', 'onlySecond', 'bothWrong'] as const;
/** Which of two networks tells a sample right. */
export type Agreement = (typeof agreements)[number];

export interface Comparison {
  /** Indices of samples. */
  readonly samples: Readonly<Record<Agreement, Int32Array>>;
  /** Of those that both tell wrong, how often they say the same. */
  readonly sameError: number;
  /**
   * How probable so uneven a count of `onlyFirst` and `onlySecond` would be or a more uneven one, were both networks
   * equally good (McNemar 1947, the exact test); 1 where they never differ.
   */
  readonly chance: number;
}

/** Of the same samples in the same order. */
export function compareJudgements(first: Judged, second: Judged): Comparison {
  const indices: Record<Agreement, number[]> = { bothRight: [], onlyFirst: [], onlySecond: [], bothWrong: [] };
  let sameError = 0;
  for (const [sample, label] of first.labels.entries()) {
    const agreement = agreementOf(first.predicted[sample] === label, second.predicted[sample] === label);
    indices[agreement].push(sample);
    sameError += Number(agreement === 'bothWrong' && first.predicted[sample] === second.predicted[sample]);
  }
  const samples = Object.fromEntries(agreements.map((name) => [name, Int32Array.from(indices[name])]));
  return {
    samples: samples as Record<Agreement, Int32Array>,
    sameError,
    chance: chanceOf(indices.onlyFirst.length, indices.onlySecond.length),
  };
}

type Judged = Pick<Judgement, 'labels' | 'predicted'>;

function agreementOf(first: boolean, second: boolean): Agreement {
  if (first) return second ? 'bothRight' : 'onlyFirst';
  return second ? 'onlySecond' : 'bothWrong';
}

/** Two-sided binomial test of a half. Sums of logarithms: the terms themselves are too small for a float. */
function chanceOf(one: number, other: number): number {
  const trials = one + other;
  const least = Math.min(one, other);
  let logTerm = -trials * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let successes = 1; successes <= least; successes++) {
    logTerm += Math.log((trials - successes + 1) / successes);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** "0.53 %". */
export function chanceInWords(chance: number): string {
  return chance < 1e-4 ? 'less than 0.01 %' : `${(chance * 100).toFixed(2)} %`;
}
