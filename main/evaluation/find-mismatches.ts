import type { EngineSession, Predictions, Weights } from '../engine/addon.ts';
import { judgements } from './confusion.ts';

/** Test images whose most probable class is not their label, the surest errors first. */
export interface FoundMismatches {
  readonly weights: Weights;
  /** Whether there are both kinds. */
  readonly hasAverage: boolean;
  readonly samples: number;
  /** Of all test images; the columns below hold as many as were asked for. */
  readonly total: number;
  readonly indices: Int32Array;
  readonly labels: Int32Array;
  readonly said: Int32Array;
  /** Probability of the class said. */
  readonly confidences: Float32Array;
  /** As stored: images × channels × height × width. */
  readonly pixels: Uint8Array;
}

type Ranked = Omit<FoundMismatches, 'pixels' | 'weights' | 'hasAverage'>;

export async function findMismatches(
  session: EngineSession,
  { limit, weights }: { readonly limit: number; readonly weights: Weights },
): Promise<FoundMismatches> {
  const ranked = rankMismatches(await session.predict('test', weights), limit);
  const { hasAverage } = session.describe();
  return { weights, hasAverage, ...ranked, pixels: await session.images('test', ranked.indices) };
}

function rankMismatches({ samples, classes, probabilities, labels, targets }: Predictions, limit: number): Ranked {
  if (targets !== null) return noMismatches(samples);
  const judged = judgements(probabilities, classes);
  const confidence = (index: number): number => probabilities[index * classes + judged[index]!]!;
  const wrong = Int32Array.from(judged.keys())
    .filter((index) => judged[index] !== labels[index])
    .sort((one, other) => confidence(other) - confidence(one) || one - other);
  const indices = wrong.slice(0, limit);
  return {
    samples,
    total: wrong.length,
    indices,
    labels: indices.map((index) => labels[index]!),
    said: indices.map((index) => judged[index]!),
    confidences: Float32Array.from(indices, confidence),
  };
}

/** A regression takes nothing for something else. */
function noMismatches(samples: number): Ranked {
  const none = new Int32Array(0);
  return { samples, total: 0, indices: none, labels: none, said: none, confidences: new Float32Array(0) };
}
