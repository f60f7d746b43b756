import { splitRole } from './split-role.ts';

export const tableEnding = /\.(csv|tsv|txt)$/i;

export interface TableNames {
  readonly train: string;
  readonly test: string | null;
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** A table for training, with or without one for testing, by their names; or the only table there is. */
export function tableFiles(names: readonly string[]): TableNames | null {
  const tables = names.filter((name) => tableEnding.test(name));
  const called = (role: ReturnType<typeof splitRole>): string | undefined =>
    tables.find((name) => splitRole(name.replace(tableEnding, '')) === role);
  const [only, ...others] = tables.filter((name) => /\.[ct]sv$/i.test(name));
  const train = called('train') ?? (others.length === 0 ? only : undefined);
  if (train === undefined) return null;
  const test = called('test') ?? called('validation') ?? null;
  const used = [train, test];
  return {
    train,
    test: test === train ? null : test,
    leftOut: tables
      .filter((name) => !used.includes(name))
      .map((name) => ({ name, reason: whyLeftOut(name, test !== null) })),
  };
}

function whyLeftOut(name: string, hasTest: boolean): string {
  return splitRole(name.replace(tableEnding, '')) === 'validation' && hasTest
    ? 'it is for validation; there are training and test tables'
    : 'it is neither the training nor the test table';
}
