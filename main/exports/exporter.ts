import type { LeftInFloat } from '../../core/export/onnx/left-in-float.ts';
import type { OnnxOptions } from '../../core/export/onnx/usage.ts';
import type { ExportNetwork, ExportSubject, SampleTensor } from '../../core/export/subject.ts';
import type { Proof } from '../../core/export/proof.ts';
import type { OpenEngine } from '../engine/engine-host.ts';

/** Writes one format, has what it wrote read by its real consumer, and says what came of it. */
export type Exporter = (subject: ExportSubject, context: ExportContext) => Promise<WrittenModel>;

export interface ExportContext {
  /** There, and the exporter's own; becomes the export when all is well and is removed when not. */
  readonly folder: string;
  /** A safetensors file with the weights of a network, for the engine. */
  readonly weightsFile: (network: ExportNetwork) => string;
  readonly options: ExportOptions;
  /** Rejects what may not go on; to be asked between steps. */
  readonly stop: AbortSignal;
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** What is being done now: `writing network.onnx`. */
  readonly onProgress: (doing: string) => void;
  /** What each module of a network makes of one of its samples, in the order in which they compute: see where a consumer parts. */
  readonly traceSample: (network: ExportNetwork, sample: number) => Promise<readonly ModuleOutputs[]>;
}

/** Of ONNX; the other formats have none. */
export type ExportOptions = OnnxOptions;

/** A layer or a join. The body of a shared Repeat comes as often as it computes. */
export interface ModuleOutputs {
  /** Place in the project, as ResolvedNode's. */
  readonly path: string;
  readonly key: string;
  /** Catalogue name, or that of the container. */
  readonly type: string;
  /** Of one sample, with a batch of one. */
  readonly outputs: readonly SampleTensor[];
}

export interface WrittenModel {
  /** Names within the folder, with a few words about each for its README. */
  readonly files: readonly { readonly name: string; readonly about: string }[];
  /** How to use them: Markdown for the README. */
  readonly usage: string;
  /** Whether the files take stored samples and preprocess them themselves. */
  readonly preprocesses?: boolean;
  /** Of int8: weights that could not be shrunk. */
  readonly leftInFloat?: readonly LeftInFloat[];
  /** One for each network and consumer. */
  readonly proofs: readonly Proof[];
}
