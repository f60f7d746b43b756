import { z } from 'zod';
import { fail } from '../failures.ts';
import type { StepChunk } from './step-series.ts';

/**
 * A chunk of a run's steps as bytes: `TWSC`, the length of the header (uint32), the header in JSON, zeros up to a multiple
 * of 8, then the columns in the header's order, each of `points` float64. All little-endian.
 */
const mark = 0x43535754;
const header = z.object({ points: z.int().nonnegative(), columns: z.array(z.string()).min(1) });
const stepColumn = 'step';

export function encodeSteps({ step, figures }: StepChunk): Uint8Array<ArrayBuffer> {
  const columns = [[stepColumn, step] as const, ...figures];
  const text = new TextEncoder().encode(
    JSON.stringify({ points: step.length, columns: columns.map(([name]) => name) }),
  );
  const start = startOfColumns(text.length);
  const bytes = new Uint8Array(start + columns.length * step.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, mark, true);
  view.setUint32(4, text.length, true);
  bytes.set(text, 8);
  for (const [index, [, column]] of columns.entries()) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start + index * step.byteLength);
  }
  return bytes;
}

/** `run` is named where the bytes are damaged. */
export function decodeSteps(bytes: ArrayBuffer, run: string): StepChunk {
  const damaged = () => fail('badData', `The stored steps of run ${run} are damaged.`, { at: run });
  if (bytes.byteLength < 8) return damaged();
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== mark) return olderRows(bytes) ?? damaged();
  const start = startOfColumns(view.getUint32(4, true));
  if (start > bytes.byteLength) return damaged();
  const { points, columns } = readHeader(new Uint8Array(bytes, 8, view.getUint32(4, true))) ?? damaged();
  const [first, ...names] = columns;
  if (first !== stepColumn || bytes.byteLength !== start + columns.length * points * 8) return damaged();
  const column = (index: number) => new Float64Array(bytes, start + index * points * 8, points);
  return { step: column(0), figures: new Map(names.map((name, index) => [name, column(index + 1)])) };
}

function readHeader(text: Uint8Array): z.infer<typeof header> | null {
  try {
    return header.parse(JSON.parse(new TextDecoder().decode(text)));
  } catch {
    return null;
  }
}

function startOfColumns(textLength: number): number {
  return Math.ceil((8 + textLength) / 8) * 8;
}

/**
 * What versions before figures had names stored: float64 rows of these, one after another. The first number is a step:
 * no such number begins with the bytes of the mark and the length of a header.
 */
const olderRow = [stepColumn, 'loss', 'accuracy', 'learningRate', 'imagesPerSecond', 'gradientNorm'] as const;

function olderRows(bytes: ArrayBuffer): StepChunk | null {
  if (bytes.byteLength % (8 * olderRow.length) !== 0) return null;
  const rows = new Float64Array(bytes);
  const points = rows.length / olderRow.length;
  const columns = olderRow.map((_, index) =>
    Float64Array.from({ length: points }, (_row, point) => rows[point * olderRow.length + index]!),
  );
  const figures = olderRow.slice(1).map((name, index) => [name, columns[index + 1]!] as const);
  const measured = figures.filter(([, column]) => column.some((value) => !Number.isNaN(value)));
  return { step: columns[0]!, figures: new Map(measured) };
}
