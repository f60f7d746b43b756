/** Figures as only the window writes them, beside those of the command line too. */
import { counted } from '../../core/format.ts';

export { bytes, count, counted, duration, percent, shortCount, significant as figure } from '../../core/format.ts';

/** 97.3 %. */
export function shortPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}

/** 16 × 28 × 28. */
export function shape(sizes: readonly number[]): string {
  return sizes.join(' × ');
}

/** What a sample is: 3 × 32 × 32, 4 features. */
export function sampleShape(sizes: readonly number[]): string {
  const [first, ...others] = sizes;
  if (first === undefined || others.length > 0) return shape(sizes);
  return counted(first, 'feature');
}

const days = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });

/** 21 Nov, 10:57. */
export function moment(milliseconds: number): string {
  return days.format(milliseconds);
}

const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** 10:57. */
export function clock(milliseconds: number): string {
  return hours.format(milliseconds);
}
