import type { Address } from '../network/address.ts';
import type { DrawnMark } from './drawing.ts';
import type { Part } from './part.ts';
import { markWidth, sizes } from './sizes.ts';

export function markPart(kind: DrawnMark['kind'], label: string, address: Address): Part {
  const width = kind === 'input' || kind === 'output' ? markWidth(`${kind} ${label}`) : markWidth(label);
  const height = kind === 'input' || kind === 'output' ? sizes.end : sizes.mark.height;
  return {
    width,
    height,
    axis: width / 2,
    inlet: 0,
    outlet: height,
    put: (sheet, x, y) => void sheet.marks.push({ kind, label, address, x, y, width, height }),
  };
}
