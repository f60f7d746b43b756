import type { FigureFormat } from '../../core/figures/figure.ts';
import { figure, count, percent, significant } from './format.ts';

const texts: Readonly<Record<FigureFormat, (value: number) => string>> = {
  loss: figure,
  fraction: percent,
  number: significant,
  count,
};

/** A value as the terminal writes it. */
export function figureText({ format }: { readonly format: FigureFormat }, value: number): string {
  return texts[format](value);
}
