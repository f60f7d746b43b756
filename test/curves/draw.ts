/** Pixels around the plot. */
const [left, right, top, bottom] = [52, 16, 40, 40];
const [width, height] = [720, 320];

/** Python's curve wide and pale, ours thin upon it: where they agree one sees both. */
export function drawCurves(
  recipe: string,
  batchSize: number,
  ours: readonly number[],
  python: readonly number[],
): string {
  const highest = Math.max(...ours, ...python) * 1.05;
  const x = (step: number): number => left + ((width - left - right) * step) / (ours.length - 1);
  const y = (loss: number): number => height - bottom - ((height - top - bottom) * loss) / highest;
  const line = (losses: readonly number[], style: string): string =>
    `<polyline fill="none" ${style} points="${losses.map((loss, step) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`).join(' ')}"/>`;
  const label = (at: string, text: string, how = ''): string => `<text ${at} ${how}>${text}</text>`;
  const levels = ticks(highest).flatMap((loss) => [
    `<line x1="${left}" x2="${width - right}" y1="${y(loss).toFixed(1)}" y2="${y(loss).toFixed(1)}" stroke="#d0d4da"/>`,
    label(`x="${left - 8}" y="${(y(loss) + 4).toFixed(1)}"`, String(loss), 'text-anchor="end"'),
  ]);
  const steps = ticks(ours.length).map((step) =>
    label(`x="${x(step).toFixed(1)}" y="${height - bottom + 18}"`, String(step), 'text-anchor="middle"'),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#333a44">`,
    `<title>Loss of every step of ${recipe} in Torchwright and in Python PyTorch</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...levels,
    ...steps,
    label(`x="${width - right}" y="${height - 6}"`, `step, of ${batchSize} samples`, 'text-anchor="end"'),
    line(python, 'stroke="#f2b04a" stroke-width="5" stroke-linejoin="round" stroke-opacity="0.8"'),
    line(ours, 'stroke="#1f5fbf" stroke-width="1.2"'),
    label(`x="${left}" y="22"`, `${recipe}: loss`, 'font-size="14" font-weight="600"'),
    `<line x1="470" x2="494" y1="18" y2="18" stroke="#1f5fbf" stroke-width="1.2"/>`,
    label('x="500" y="22"', 'Torchwright'),
    `<line x1="590" x2="614" y1="18" y2="18" stroke="#f2b04a" stroke-width="5" stroke-opacity="0.8"/>`,
    label('x="620" y="22"', 'Python PyTorch'),
    '</svg>',
    '',
  ].join('\n');
}

/** Round numbers from 0 to `end`, four to nine of them. */
function ticks(end: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(end));
  const every = [0.1, 0.2, 0.5, 1].map((part) => part * power).find((size) => end / size < 9) ?? power;
  return Array.from({ length: Math.floor(end / every) + 1 }, (_, index) => Number((index * every).toPrecision(6)));
}
