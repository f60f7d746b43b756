import { judge } from '../../core/evaluation/judgement.ts';
import type { Judgement } from '../../core/evaluation/judgement.ts';
import { greatestFirst, mismatchesOf } from '../../core/evaluation/sample-order.ts';
import type { EngineSession, Predictions, Weights } from '../engine/addon.ts';

/** Test images whose most probable class is not their label, the surest errors first. */
export interface FoundMismatches {
  readonly weights: Weights;
  readonly samples: number;
  /** Of all test images; the columns below hold as many as were asked for. */
  readonly total: number;
  readonly indices: Int32Array;
  readonly labels: Int32Array;
  readonly predicted: Int32Array;
  /** Probability of the predicted class. */
  readonly confidences: Float32Array;
  /** As stored: images × channels × height × width. */
  readonly pixels: Uint8Array;
}

/** In the engine process, while it trains. */
export async function findMismatches(
  session: EngineSession,
  predictions: Predictions,
  limit: number,
): Promise<FoundMismatches> {
  const { samples, targets } = predictions;
  const ranked = targets === null ? rankMismatches(judge(predictions), limit) : noMismatches(samples);
  return { weights: 'last', ...ranked, pixels: await session.images('test', ranked.indices) };
}

type Ranked = Omit<FoundMismatches, 'pixels' | 'weights'>;

/** `judged`: what was predicted of every test image. */
export function rankMismatches(judged: Omit<Judgement, 'losses'>, limit: number): Ranked {
  const wrong = greatestFirst(mismatchesOf(judged), judged.confidences);
  const indices = wrong.slice(0, limit);
  return {
    samples: judged.labels.length,
    total: wrong.length,
    indices,
    labels: indices.map((index) => judged.labels[index]!),
    predicted: indices.map((index) => judged.predicted[index]!),
    confidences: Float32Array.from(indices, (index) => judged.confidences[index]!),
  };
}

/** A regression takes nothing for something else. */
function noMismatches(samples: number): Ranked {
  const none = new Int32Array(0);
  return { samples, total: 0, indices: none, labels: none, predicted: none, confidences: new Float32Array(0) };
}
