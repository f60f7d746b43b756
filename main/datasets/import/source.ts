import type { ColumnUse } from '../../../core/contract/data.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import type { PictureFacts } from '../../../core/contract/data.ts';
import type { Follower } from '../progress.ts';
import type { FileLedger } from './file-ledger.ts';
import type { FolderScan } from './scan-folder.ts';
import type { Skipped } from './skipped.ts';
import type { Sample, SampleForm } from './split-writer.ts';

/** A data set of one's own that was looked through: what it is, and a way to read it sample by sample. */
export interface OpenedSource {
  readonly kind: SourceKind;
  readonly form: SampleForm;
  /** In the order of the labels; empty for a regression. */
  readonly classNames: readonly string[];
  /** Of a table or regression, where they have names. */
  readonly columnNames: readonly string[];
  readonly targetNames: readonly string[];
  /** Of a table: what became of each of its columns. */
  readonly columns?: readonly ColumnUse[];
  /** Of a table: features that are written with a decimal comma. */
  readonly commaColumns?: readonly string[];
  /** Whole sentences: columns left out, why images get their size. */
  readonly notes: readonly string[];
  /** Whole sentences: what else may well be a mistake. Absent: nothing. */
  readonly warnings?: readonly string[];
  /** The source itself has a part for testing, and it is used. */
  readonly isSplit: boolean;
  /** Of images. */
  readonly pictures?: PictureFacts;
  /** Reads every sample once. */
  samples(): Iterable<Sample> | AsyncIterable<Sample>;
}

export type SourceKind = 'images' | 'table' | 'arrays' | 'generated';

export interface OpenRequest extends Follower {
  /** A file or a folder. */
  readonly place: string;
  readonly settings: ImportSettings;
  /** All that lies in the folder; null: the place is a file. */
  readonly scan: FolderScan | null;
  /** To be told of every file that is used, and of those that are left out for a reason of their own. */
  readonly files: FileLedger;
  readonly skipped: Skipped;
  /** For what must lie on the disk while it is read; removed afterwards. */
  readonly scratch: string;
}

/** What is kept for testing where the source does not say. */
export function splitOf(settings: ImportSettings): { readonly testFraction: number; readonly seed: number } {
  return { testFraction: settings.split?.testFraction ?? 0.2, seed: settings.split?.seed ?? 0 };
}
