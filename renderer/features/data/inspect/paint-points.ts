/** Of charts; of more classes the first ones again. */
export const colours = 6;
const margin = 16;
const radius = 3;

/** Samples × 2 as dots in the colours of charts, one a class, both axes in the same scale. */
export function paintPoints(canvas: HTMLCanvasElement, points: Float32Array, labels: Int32Array): void {
  const context = canvas.getContext('2d')!;
  const { width, height } = canvas;
  let largest = 0;
  for (const value of points) largest = Math.max(largest, Math.abs(value));
  const scale = (Math.min(width, height) / 2 - margin) / Math.max(largest, 1e-12);
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  for (let sample = 0; sample < points.length / 2; sample++) {
    context.fillStyle = style.getPropertyValue(`--chart-${((labels[sample] ?? 0) % colours) + 1}`);
    context.beginPath();
    context.arc(
      width / 2 + scale * points[2 * sample]!,
      height / 2 - scale * points[2 * sample + 1]!,
      radius,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}
