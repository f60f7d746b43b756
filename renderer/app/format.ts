/** Figures as the window writes them. */

const wholes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** 1,234,567. */
export function count(value: number): string {
  return wholes.format(value);
}

/** 1.23M. */
export function shortCount(value: number): string {
  return short.format(value);
}

/** 97.31 %. */
export function percent(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? '–' : `${(fraction * 100).toFixed(2)} %`;
}

/** 97.3 %. */
export function shortPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`;
}

/** Four significant digits, without an exponent where that stays short. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(2);
}

/** 42 s, 3:07, 1:02:33. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** 54.9 MB; powers of a thousand, as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 100 || power === 0 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[power]}`;
}

/** 16 × 28 × 28. */
export function shape(sizes: readonly number[]): string {
  return sizes.join(' × ');
}

const days = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });

/** 21 Nov, 10:57. */
export function moment(milliseconds: number): string {
  return days.format(milliseconds);
}
