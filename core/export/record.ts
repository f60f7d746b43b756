import type { LeftInFloat } from './onnx/left-in-float.ts';
import type { Proof } from './proof.ts';
import type { ExportFormat, ExportSubject } from './subject.ts';

/** What lies in an export as export.json. */
export interface ExportRecord {
  readonly format: 'torchwright-export';
  readonly version: 1;
  readonly model: ExportFormat;
  readonly run: string;
  readonly project: string;
  readonly checkpoint: ExportSubject['checkpoint'];
  /** ISO 8601. */
  readonly made: string;
  readonly torchwright: string;
  readonly classNames: readonly string[];
  /** Of a table; empty otherwise. */
  readonly columnNames: readonly string[];
  readonly targetNames: readonly string[];
  /** Done in the model, whose output is in units of the targets; null: nothing to do. */
  readonly targetScaling: ExportSubject['targetMapping'];
  readonly preprocessing: ExportSubject['preprocessing'];
  readonly networks: readonly {
    readonly name: string;
    readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
    /** Of one sample, as the inputs' are. */
    readonly outputs: readonly (readonly number[])[];
  }[];
  readonly measured: ExportSubject['measured'];
  /** Weights that int8 could not shrink; absent where there are none. */
  readonly leftInFloat?: readonly LeftInFloat[];
  readonly proofs: readonly Proof[];
  readonly files: readonly { readonly name: string; readonly about: string; readonly bytes: number }[];
}
