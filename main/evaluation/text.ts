import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { repositoryFolder } from '../paths.ts';
import type { Canvas, Colour } from './canvas.ts';
import { fill } from './canvas.ts';

const glyphFile = z.object({
  width: z.number(),
  height: z.number(),
  /** Per sign its rows, `#` where there is ink. */
  glyphs: z.record(z.string(), z.array(z.string())),
});

export type Glyphs = Readonly<z.infer<typeof glyphFile>>;

export async function readGlyphs(): Promise<Glyphs> {
  const file = path.join(repositoryFolder, 'resources', 'glyphs.json');
  return glyphFile.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** In pixels, with one column between signs. */
export function textWidth(glyphs: Glyphs, text: string, scale: number): number {
  return Math.max(0, text.length * (glyphs.width + 1) - 1) * scale;
}

/** Draws with the upper left corner at (x, y). A sign the font lacks becomes a question mark. */
export function drawText(
  canvas: Canvas,
  glyphs: Glyphs,
  text: string,
  { x, y, scale, colour }: { readonly x: number; readonly y: number; readonly scale: number; readonly colour: Colour },
): void {
  for (const [index, sign] of Array.from(text).entries()) {
    const rows = glyphs.glyphs[sign] ?? glyphs.glyphs['?'] ?? [];
    const left = x + index * (glyphs.width + 1) * scale;
    for (const [row, ink] of rows.entries()) {
      for (let column = 0; column < ink.length; column++) {
        if (ink[column] !== '#') continue;
        fill(canvas, { x: left + column * scale, y: y + row * scale, width: scale, height: scale }, colour);
      }
    }
  }
}
