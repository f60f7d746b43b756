import type { SampleTensor } from '../../core/export/subject.ts';

/** A batch of one. */
export function oneSample({ shape, data }: SampleTensor, sample: number): SampleTensor {
  const size = data.length / shape[0]!;
  return { shape: [1, ...shape.slice(1)], data: data.slice(sample * size, (sample + 1) * size) };
}
