import type { SampleTensor } from '../../core/export/subject.ts';

/** Those from one up to, not with, another, as a batch. */
export function someSamples({ shape, data }: SampleTensor, from: number, to: number): SampleTensor {
  const [count, ...each] = shape;
  const size = data.length / count!;
  return { shape: [Math.min(to, count!) - from, ...each], data: data.slice(from * size, to * size) };
}

/** A batch of one. */
export function oneSample(samples: SampleTensor, sample: number): SampleTensor {
  return someSamples(samples, sample, sample + 1);
}

/** One batch of several. */
export function together(parts: readonly SampleTensor[]): SampleTensor {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  const samples = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return { shape: [samples, ...parts[0]!.shape.slice(1)], data };
}
