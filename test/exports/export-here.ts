import path from 'node:path';
import type { Proof } from '../../core/export/proof.ts';
import type { ExportContext, ExportOptions } from '../../main/exports/exporter.ts';

/** Writes into `folder`, where the weights lie too. */
export function contextOf(folder: string, options: ExportOptions = {}): ExportContext {
  return {
    folder,
    weightsFile: ({ name }) => path.join(folder, `${name}.safetensors`),
    options,
    stop: new AbortController().signal,
    onProgress: () => undefined,
    // Asked for where outputs part. Then the test fails anyway.
    traceSample: () => Promise.resolve([]),
  };
}

/** The figures of each network, by its name. Throws where a consumer was not asked. */
export function figuresOf(proofs: readonly Proof[]): ReadonlyMap<string, Extract<Proof, { samples: number }>> {
  return new Map(
    proofs.map((proof) => {
      if ('notAsked' in proof) throw new Error(`${proof.consumer}: ${proof.notAsked}`);
      return [proof.network, proof];
    }),
  );
}
