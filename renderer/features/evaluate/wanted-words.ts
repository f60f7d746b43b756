import type { Agreement } from '../../../core/evaluation/compare-runs.ts';
import type { EpochChange, Wanted } from './listing.ts';

const changes: Readonly<Record<EpochChange, string>> = {
  wrong: 'Wrong after epoch',
  fixed: 'Fixed in epoch',
  made: 'New errors of epoch',
};

const agreements: Readonly<Record<Agreement, string>> = {
  bothRight: 'Correct in both runs',
  onlyFirst: 'Correct in this run only',
  onlySecond: 'Correct in the other run only',
  bothWrong: 'Wrong in both runs',
};

/** What the grid shows, as its title. */
export function titleOf(wanted: Wanted, nameOf: (label: number) => string, epochs: readonly number[]): string {
  switch (wanted.kind) {
    case 'wrong':
      return 'Misclassified';
    case 'cell': {
      const { label, predicted } = wanted;
      return label === predicted
        ? `${nameOf(label)}, predicted correctly`
        : `${nameOf(label)}, predicted as ${nameOf(predicted)}`;
    }
    case 'surest':
      return 'Most confident';
    case 'leastSure':
      return 'Least confident';
    case 'epoch':
      return `${changes[wanted.change]} ${epochs[wanted.place]}`;
    case 'agreement':
      return agreements[wanted.agreement];
  }
}
