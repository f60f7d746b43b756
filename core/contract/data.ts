import type { ImportSettings } from '../project/import-settings.ts';
import type { Call } from './call.ts';

export interface DataCalls {
  'data.list': Call<undefined, readonly DatasetDescription[]>;
  /** Brings a data set here, or checks the one that is. Progress comes as `dataProgress`. Answers with its folder. */
  'data.get': Call<{ readonly name: string }, { readonly folder: string }>;
  /** Data of one's own that were read, the last one first. */
  'data.imported': Call<undefined, readonly ImportedDataset[]>;
  /** Reads a file or folder, unless that was done and nothing has changed since. `dataProgress` bears the source as name. */
  'data.import': Call<{ readonly source: string; readonly settings: ImportSettings }, ImportedDataset>;
  /** Forgets what was read of a source; the source itself stays. */
  'data.forget': Call<{ readonly source: string }, void>;
  /** Asks for a folder or a file where the shell can; null: it cannot, or nothing was chosen. */
  'data.choose': Call<{ readonly what: 'folder' | 'file' }, { readonly source: string } | null>;
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

/** A data set of one's own as it lies beside the others after it was read. */
export interface ImportedDataset {
  /** Absolute path of the file or folder. */
  readonly source: string;
  readonly settings: ImportSettings;
  readonly kind: 'images' | 'table' | 'arrays' | 'generated';
  readonly inputShape: readonly number[];
  /** bytes: images of 0…255. */
  readonly values: 'bytes' | 'floats';
  readonly task: 'classification' | 'regression';
  /** In the order of the labels; empty for a regression. */
  readonly classNames: readonly string[];
  /** Numbers to tell of each sample; 0 where there are classes. */
  readonly targets: number;
  /** Of a table. */
  readonly columnNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly trainSamples: number;
  readonly testSamples: number;
  /** In the order of the classes. */
  readonly classCounts: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** Per channel or column, of the training samples; of bytes as fractions of 255. */
  readonly statistics: { readonly mean: readonly number[]; readonly std: readonly number[] };
  readonly skipped: readonly SkippedSamples[];
  /** Whole sentences: columns left out, how many images were resized. */
  readonly notes: readonly string[];
  /** What was read takes so much of the disk. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly imported: number;
}

/** What was left out of a data set for the same reason. */
export interface SkippedSamples {
  /** Goes on from a file's name: "it is damaged or cut off". */
  readonly reason: string;
  readonly count: number;
  /** Some files or lines. */
  readonly examples: readonly string[];
}

export interface DataProgress {
  readonly name: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}
