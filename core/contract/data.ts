import type { Failure } from '../failure.ts';
import type { ImportSettings, PictureFit } from '../project/import-settings.ts';
import type { TargetStatistics } from '../training/plan-targets.ts';
import type { Call } from './call.ts';

export interface DataCalls {
  'data.list': Call<undefined, readonly DatasetDescription[]>;
  /**
   * Brings a data set here, or checks the one that is. Progress comes as `dataProgress`. Answers with its folder. Of
   * many who ask for the same set all wait for one download.
   */
  'data.get': Call<{ readonly name: string }, { readonly folder: string }>;
  /** A picture of each class, of data that are here. */
  'data.preview': Call<{ readonly source: string; readonly settings: ImportSettings }, ClassPreview>;
  /** Ends what is under way for a data set or a source, for all who wait for it; they get the failure `cancelled`. */
  'data.cancel': Call<{ readonly name: string }, void>;
  /** Throws away what came of a data set before its download was broken off. */
  'data.discard': Call<{ readonly name: string }, void>;
  /**
   * Found out without reading them: why data cannot be read, since nothing is there any more, or that they have changed
   * since they were read (`dataChanged`). Null: neither.
   */
  'data.check': Call<{ readonly source: string; readonly settings: ImportSettings }, Failure | null>;
  /** Data of one's own that were read, the last one first. */
  'data.imported': Call<undefined, readonly ImportedDataset[]>;
  /** Reads a file or folder, unless that was done and nothing has changed since. `dataProgress` bears the source as name. */
  'data.import': Call<{ readonly source: string; readonly settings: ImportSettings }, ImportedDataset>;
  /** Forgets what was read of a source; the source itself stays. */
  'data.forget': Call<{ readonly source: string }, void>;
  /** Begins to bring files of a browser's machine here; `name` is that of the folder or file, `bytes` what is to come. */
  'data.beginUpload': Call<{ readonly name: string; readonly bytes: number }, { readonly upload: string }>;
  /** Goes on with files: each part begins where the one before ended. */
  'data.upload': Call<{ readonly upload: string; readonly parts: readonly FilePart[] }, void>;
  /** Puts the files in their place and answers with it. */
  'data.finishUpload': Call<{ readonly upload: string }, { readonly source: string }>;
  'data.cancelUpload': Call<{ readonly upload: string }, void>;
  /** Asks for a folder or a file where the shell can; null: it cannot, or nothing was chosen. */
  'data.choose': Call<{ readonly what: 'folder' | 'file' }, { readonly source: string } | null>;
}

export interface DataEvents {
  dataProgress: DataProgress;
  /** Something came, went or ended: the lists are to be asked for anew. */
  dataChanged: { readonly name: string };
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
  /** What is fetched where it is not here; 0: it comes with the installation, or is made. */
  readonly downloadBytes: number;
  /** What came of it before the download was broken off. */
  readonly keptBytes: number;
  /** Null: not on this machine. */
  readonly folder: string | null;
  /** When its files were held against their checksums and were right, milliseconds since 1970; null: not as they are now. */
  readonly checked: number | null;
  /** Null: nothing is under way. */
  readonly underway: DataProgress | null;
}

/** Of each of the first classes the first training picture; all empty of data that are no pictures. */
export interface ClassPreview {
  readonly labels: readonly number[];
  /** Of the pictures among the training samples. */
  readonly indices: readonly number[];
  /** As stored, pictures × channels × height × width. */
  readonly pixels: Uint8Array;
}

export interface FilePart {
  /** Below the folder, with slashes. */
  readonly path: string;
  readonly at: number;
  readonly content: Uint8Array;
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
  /** Of a table: every column of the file, in its order. Absent of other data, and of tables imported by older versions. */
  readonly columns?: readonly ColumnUse[];
  /** Features that the table writes with a decimal comma. Absent: none, or an older version imported it. */
  readonly commaColumns?: readonly string[];
  /**
   * Of a table with numbers far from zero that differ little: what was subtracted from each column before it was stored
   * in 32 bits. `statistics` are of the numbers as they stand in the table.
   */
  readonly origins?: readonly number[];
  /** Of a regression, of the training samples; absent of what older versions imported. */
  readonly targetStatistics?: TargetStatistics;
  readonly trainSamples: number;
  readonly testSamples: number;
  /**
   * Test samples that are among the training samples too, to the byte and with the same label or target. Absent of data
   * that an older version read.
   */
  readonly testInTrain?: number;
  /** Some of them, each with a training sample that it is equal to. Likewise. */
  readonly testInTrainExamples?: readonly string[];
  /** In the order of the classes. */
  readonly classCounts: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** Per channel or column, of the training samples; of bytes as fractions of 255. */
  readonly statistics: { readonly mean: readonly number[]; readonly std: readonly number[] };
  readonly skipped: readonly SkippedSamples[];
  /**
   * Every file of the source counts in one of these or among what was skipped. Absent of data that an older version
   * read.
   */
  readonly files?: readonly FileUse[];
  /** Of images: how they were brought to one form. Absent of data that an older version read. */
  readonly pictures?: PictureFacts;
  /** Whole sentences: what may well be a mistake in the data. Absent: nothing, or an older version read them. */
  readonly warnings?: readonly string[];
  /** Whole sentences: columns left out, how many images were resized. */
  readonly notes: readonly string[];
  /**
   * In sentences, how they differ from what was read of the same source before its files changed. Absent: not at all, or
   * they were read for the first time.
   */
  readonly changes?: readonly string[];
  /** What was read takes so much of the disk. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly imported: number;
  /** It came through a browser: to forget it removes the files too. */
  readonly isUploaded?: boolean;
}

/** What became of a column of a table. */
export interface ColumnUse {
  readonly name: string;
  readonly use: 'feature' | 'target' | 'leftOut';
  /** Goes on from the column's name: "it holds text"; of a target why it was chosen. Null of features. */
  readonly why: string | null;
}

/** Files of a source that were used for the same thing. */
export interface FileUse {
  readonly role: FileRole;
  readonly count: number;
  /** Some of them, below the source. */
  readonly examples: readonly string[];
}

/** divided: training and test samples were drawn from it. labels: it names the classes or the parts of other files. */
export type FileRole = 'training' | 'testing' | 'divided' | 'labels';

export interface PictureFacts {
  readonly fit: PictureFit;
  /** `#rrggbb`: under transparent pixels, and beside a picture that is contained. */
  readonly background: string;
  /** Of another size than the data set. */
  readonly resized: number;
  /** Of another aspect ratio: cropped, padded or stretched, as `fit` says. */
  readonly reshaped: number;
  /** With an alpha channel, laid on the background. */
  readonly transparent: number;
  /** Of several frames or pages, of which the first was read. */
  readonly multiPage: number;
  /** Coloured, and read as grey. Absent of data that an older version read. */
  readonly madeGrey?: number;
  /** Grey, and read as three equal channels. Likewise. */
  readonly madeColour?: number;
}

/** What was left out of a data set for the same reason. */
export interface SkippedSamples {
  /** Goes on from a file's name: "it is damaged or cut off". */
  readonly reason: string;
  readonly count: number;
  /** Some files or lines. */
  readonly examples: readonly string[];
  /** Whole files were left out, not lines or rows of one. */
  readonly isFile?: boolean;
}

export interface DataProgress {
  readonly name: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
  /** What is counted, where that is not things. */
  readonly unit?: 'bytes';
}
