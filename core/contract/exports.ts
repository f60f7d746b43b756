import type { ExportRecord } from '../export/record.ts';
import type { ExportFormat } from '../export/subject.ts';
import type { Call } from './call.ts';

export interface ExportCalls {
  /** Writes an export into the run's folder, in the place of one of the same format, and has its consumer read it. */
  'exports.make': Call<ExportWish, FoundExport>;
  /** Ends the export of a run that is under way: its call fails, and what lay there before stays. */
  'exports.stop': Call<{ readonly run: string }, void>;
  /** Those that lie in the run's folder, newest first. */
  'exports.list': Call<{ readonly run: string }, readonly FoundExport[]>;
  /** Opens the folder of one of them in the system's own window. Nothing to do in a browser. */
  'exports.show': Call<{ readonly run: string; readonly format: ExportFormat }, void>;
  /** One of them as a ZIP file. */
  'exports.files': Call<{ readonly run: string; readonly format: ExportFormat }, Uint8Array>;
}

export interface ExportEvents {
  exportProgress: { readonly run: string; readonly doing: string };
}

export interface ExportWish {
  readonly run: string;
  readonly format: ExportFormat;
  readonly checkpoint: 'best' | 'last' | 'averaged';
  /** Of ONNX. */
  readonly preprocess?: boolean;
  readonly precision?: 'float32' | 'float16' | 'int8';
  /** ONNX: the set of operators; absent: the lowest that the network needs. */
  readonly opset?: number;
}

export interface FoundExport {
  readonly folder: string;
  readonly record: ExportRecord;
}
