import { FailureError } from '../failure.ts';
import { accuracyOf, differenceOf, isMismatch } from './difference.ts';
import type { Difference } from './difference.ts';
import type { ExportNetwork, SampleTensor } from './subject.ts';
import type { NetworkName } from '../network/tree.ts';

/** That a consumer computes what the engine computes; or why nobody could ask it. */
export type Proof =
  | {
      readonly network: NetworkName;
      /** With its version: `libtorch 2.13.0`. */
      readonly consumer: string;
      readonly samples: number;
      readonly difference: Difference;
      /** Of these samples; null where they have no classes. */
      readonly accuracy: { readonly engine: number; readonly consumer: number } | null;
    }
  | { readonly network: NetworkName; readonly consumer: string; readonly notAsked: string };

/** Compares what a consumer made of a network's samples. */
export function prove(
  network: ExportNetwork,
  consumer: string,
  outputs: readonly SampleTensor[],
): Extract<Proof, { difference: Difference }> {
  const engine = accuracyOf(network.outputs, network.labels);
  const other = accuracyOf(outputs, network.labels);
  return {
    network: network.name,
    consumer,
    samples: network.outputs[0]?.shape[0] ?? 0,
    difference: differenceOf(network.outputs, outputs),
    accuracy: engine === null || other === null ? null : { engine, consumer: other },
  };
}

/** Throws where the difference is beyond what float32 explains. `where`: the first module whose output parts, if known. */
export function refuseMismatch(proof: Extract<Proof, { difference: Difference }>, where: FirstParting | null): void {
  if (!isMismatch(proof.difference)) return;
  const { absolute, relative } = proof.difference;
  const module = where === null ? '' : ` Their outputs first differ at ${where.type} (${where.path}).`;
  throw new FailureError({
    code: 'badNetwork',
    message:
      `${proof.consumer} computes different outputs than the engine: the largest difference is ` +
      `${absolute.toExponential(1)}, ${relative.toExponential(1)} of the largest output.${module}`,
    ...(where === null ? {} : { at: where.path }),
  });
}

export interface FirstParting {
  readonly path: string;
  readonly type: string;
}
