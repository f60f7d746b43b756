/** Figures as only the window writes them, beside those of the command line too. */

export {
  bytes,
  count,
  counted,
  duration,
  milliseconds,
  percent,
  sampleShape,
  shortCount,
  significant as figure,
  sizes as shape,
  withDigits,
} from '../../core/format.ts';

/** 97.3 %. */
export function shortPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
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
