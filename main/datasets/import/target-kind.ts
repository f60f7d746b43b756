import type { ImportSettings } from '../../../core/project/project.ts';
import { readCell } from './cell.ts';

/** What is known of a target after all of it was seen. */
export interface TargetFacts {
  /** Every value is a number. */
  readonly areNumbers: boolean;
  /** Every value is a whole number. */
  readonly areWhole: boolean;
  /** Different values; `manyValues` or more are not counted further. */
  readonly different: number;
  readonly samples: number;
}

/** More classes than anyone names. */
export const manyValues = 10_000;
const fewNumbers = 20;

/** Where nothing is said: text is classes, and so are few different whole numbers that each come again. */
export function taskOf(settings: ImportSettings, facts: TargetFacts): 'classification' | 'regression' {
  if (settings.task !== undefined) return settings.task;
  if (!facts.areNumbers) return 'classification';
  const areFew = facts.different <= fewNumbers && facts.different * 2 <= facts.samples;
  return facts.areWhole && areFew ? 'classification' : 'regression';
}

/** Class names in the order of their labels: numbers by size, text by alphabet. */
export function inClassOrder(values: Iterable<string>): readonly string[] {
  const names = [...values];
  if (names.every((name) => readCell(name).kind === 'number')) return names.sort(byNumber);
  return names.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/** Whole numbers beyond 2^53 differ in digits that a number of 64 bits does not have. */
function byNumber(one: string, other: string): number {
  if (!/^-?\d+$/.test(one) || !/^-?\d+$/.test(other)) return Number(one) - Number(other);
  const difference = BigInt(one) - BigInt(other);
  return difference < 0n ? -1 : Number(difference > 0n);
}
