/** What another run's weights came from: a run and the epoch after which they were saved, or a file. */
export type WeightSource =
  { readonly run: string; readonly checkpoint: 'last' | 'best'; readonly epoch: number } | { readonly file: string };

/** `mnist-conv-3, epoch 12`; of a file its place. */
export function weightSourceWords(from: WeightSource): string {
  return 'file' in from ? from.file : `${from.run}, epoch ${from.epoch}`;
}

/** A file where it has a folder or the ending of one; else the name of a run. */
export function isWeightsFile(from: string): boolean {
  return /[/\\]|\.(safetensors|pt|pth|bin|onnx)$/i.test(from);
}
