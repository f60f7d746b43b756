import { setImmediate } from 'node:timers/promises';
import { InferenceSession, Tensor, env } from 'onnxruntime-web';
import type { SampleTensor } from '../../core/export/subject.ts';
import { together } from './some-samples.ts';

/** A graph's input: floats, or bytes of stored samples. */
export interface OnnxInput {
  readonly name: string;
  /** With the batch. */
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array;
}

// More would be a worker each, which onnxruntime-web leaves running.
env.wasm.numThreads = 1;

/** `env.versions` is there since it was loaded. */
export function onnxRuntimeVersion(): string {
  return env.versions.web ?? env.versions.common;
}

/** The consumer's name in a proof. */
export function onnxRuntimeName(): string {
  return `ONNX Runtime ${onnxRuntimeVersion()}`;
}

/** Samples at a time: between them the process answers others. */
const batch = 10;

/** What ONNX Runtime makes of all samples, for each output of the graph. */
export async function runOnnx(
  model: Uint8Array,
  inputs: readonly OnnxInput[],
  stop: AbortSignal,
): Promise<ReadonlyMap<string, SampleTensor>> {
  const session = await InferenceSession.create(model);
  try {
    const samples = inputs[0]!.shape[0]!;
    const parts: InferenceSession.OnnxValueMapType[] = [];
    for (let start = 0; start < samples; start += batch) {
      stop.throwIfAborted();
      await setImmediate();
      const count = Math.min(batch, samples - start);
      parts.push(await session.run(Object.fromEntries(inputs.map((input) => [input.name, part(input, start, count)]))));
    }
    return new Map(
      session.outputNames.map((name) => [name, together(parts.map((made) => samplesOf(made[name] as Tensor)))]),
    );
  } finally {
    await session.release();
  }
}

function part({ shape, data }: OnnxInput, start: number, count: number): Tensor {
  const each = data.length / shape[0]!;
  const some = data.subarray(start * each, (start + count) * each);
  const sizes = [count, ...shape.slice(1)];
  return some instanceof Float32Array ? new Tensor('float32', some, sizes) : new Tensor('uint8', some, sizes);
}

function samplesOf({ dims, data }: Tensor): SampleTensor {
  return { shape: dims, data: data as Float32Array };
}
