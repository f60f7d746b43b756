/**
 * What another run's weights came from: a run and the epoch after which they were saved, or a file. `entry`: which of
 * its state dicts, where it holds several.
 */
export type WeightSource =
  | { readonly run: string; readonly checkpoint: 'last' | 'best'; readonly epoch: number }
  | { readonly file: string; readonly entry?: string };

/** `mnist-conv-3, epoch 12`; of a file its path. */
export function weightSourceWords(from: WeightSource): string {
  if ('run' in from) return `${from.run}, epoch ${from.epoch}`;
  return from.entry === undefined ? from.file : `${from.file} (${from.entry})`;
}

/** Endings of files that may hold weights, and of the index of several. */
export const weightsEndings = ['safetensors', 'pt', 'pth', 'ckpt', 'bin', 'onnx', 'pth.tar', 'index.json'] as const;

const endsAsWeights = new RegExp(`\\.(${weightsEndings.join('|').replaceAll('.', '\\.')})$`, 'i');

/** A file where it has a folder or the ending of one; else the name of a run. */
export function isWeightsFile(from: string): boolean {
  return /[/\\]/.test(from) || endsAsWeights.test(from);
}
