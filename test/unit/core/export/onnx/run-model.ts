import * as old from 'onnxruntime-old';
import * as current from 'onnxruntime-web';
import type { SampleTensor } from '../../../../../core/export/subject.ts';
import { writeModel } from '../../../../../core/export/onnx/write-model.ts';
import type { OnnxModel } from '../../../../../core/export/onnx/model.ts';

// A thread more would be a worker process in Node.
current.env.wasm.numThreads = 1;
old.env.wasm.numThreads = 1;

/** The version that exports are proved with, and 1.17.3 of the spring of 2024, which many programs still have. */
const runtimes = { current, old } as const;

/** What ONNX Runtime makes of a model's inputs. */
export async function runModel(
  model: OnnxModel,
  inputs: Readonly<Record<string, SampleTensor | { readonly shape: readonly number[]; readonly data: Uint8Array }>>,
  runtime: keyof typeof runtimes = 'current',
): Promise<ReadonlyMap<string, SampleTensor>> {
  const { InferenceSession, Tensor } = runtimes[runtime];
  const session = await InferenceSession.create(Buffer.concat(writeModel(model, 'weights').model));
  try {
    const feeds = Object.entries(inputs).map(([name, { shape, data }]) => {
      const tensor =
        data instanceof Float32Array ? new Tensor('float32', data, shape) : new Tensor('uint8', data, shape);
      return [name, tensor] as const;
    });
    const outputs = await session.run(Object.fromEntries(feeds));
    return new Map(
      Object.entries(outputs).map(([name, { dims, data }]) => [name, { shape: dims, data: data as Float32Array }]),
    );
  } finally {
    await session.release();
  }
}
