/** A line of the pen: points in pixels of the pad, each with its own radius. */
export interface Stroke {
  readonly points: readonly StrokePoint[];
}

export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Where a pointer draws; a pen that tells its pressure draws finer or broader. */
export function pointOf(event: PointerEvent, pad: DOMRect, padWidth: number, brush: number): StrokePoint {
  const pressure = event.pointerType === 'pen' && event.pressure > 0 ? 0.4 + 1.2 * event.pressure : 1;
  const scale = padWidth / pad.width;
  return {
    x: (event.clientX - pad.left) * scale,
    y: (event.clientY - pad.top) * scale,
    radius: (brush / 2) * pressure,
  };
}

/** White ink on black, as the digits of MNIST are stored. */
export function paintStrokes(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  context.fillStyle = '#000';
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.fillStyle = context.strokeStyle = '#fff';
  context.lineCap = context.lineJoin = 'round';
  for (const { points } of strokes) {
    for (const [at, point] of points.entries()) paintStep(context, points[at - 1] ?? point, point);
  }
}

function paintStep(context: CanvasRenderingContext2D, from: StrokePoint, to: StrokePoint): void {
  context.lineWidth = from.radius + to.radius;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.beginPath();
  context.arc(to.x, to.y, to.radius, 0, 2 * Math.PI);
  context.fill();
}

/** The ink on the pad, row by row. */
export function inkOf(context: CanvasRenderingContext2D): Uint8Array {
  const { width, height } = context.canvas;
  const { data } = context.getImageData(0, 0, width, height);
  return Uint8Array.from({ length: width * height }, (_, at) => data[4 * at]!);
}
