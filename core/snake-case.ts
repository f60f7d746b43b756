/** `labelSmoothing` as `label_smoothing`: how PyTorch and databases write names. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
