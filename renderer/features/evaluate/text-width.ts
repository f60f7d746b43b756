let context: OffscreenCanvasRenderingContext2D | undefined;

/** CSS pixels of a caption of the grid. */
export function textWidth(text: string): number {
  context ??= new OffscreenCanvas(1, 1).getContext('2d')!;
  context.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(context.measureText(text).width);
}
