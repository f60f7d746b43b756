import type { Call } from './call.ts';

export interface DataCalls {
  'data.list': Call<undefined, readonly DatasetDescription[]>;
  /** Brings a data set here, or checks the one that is. Progress comes as `dataProgress`. Answers with its folder. */
  'data.get': Call<{ readonly name: string }, { readonly folder: string }>;
}

export interface DataEvents {
  dataProgress: DataProgress;
}

export interface DatasetDescription {
  readonly name: string;
  readonly title: string;
  /** [channels, height, width]. */
  readonly inputShape: readonly number[];
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly classNames: readonly string[];
  readonly source: string;
  readonly licence: string;
  readonly bytes: number;
  /** How it gets here, in words. */
  readonly arrival: string;
  /** Null: not on this machine. */
  readonly folder: string | null;
}

export interface DataProgress {
  readonly name: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}
