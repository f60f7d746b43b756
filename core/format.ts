/** Numbers, units and plurals as the window and the command line write them. */

const wholes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 1,234,567. */
export function count(value: number): string {
  return wholes.format(value);
}

/** 16 × 28 × 28. */
export function sizes(shape: readonly number[]): string {
  return shape.map(count).join(' × ');
}

/** 1 epoch, 3 epochs, 1,234 epochs. */
export function counted(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`;
}

/** What a sample is: 3 × 32 × 32, 4 features. */
export function sampleShape(shape: readonly number[]): string {
  const [first, ...others] = shape;
  if (first === undefined || others.length > 0) return sizes(shape);
  return counted(first, 'feature');
}

/** 12,345.60: so many digits behind the point. */
export function withDigits(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** 97.31 %. */
export function percent(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? '–' : `${(fraction * 100).toFixed(2)} %`;
}

/** 4 ms, 0.2 s, 42 s, 3 min 07 s, 1 h 02 min. */
export function duration(seconds: number): string {
  // Below, a tenth of a second would be written as 0.0 s.
  if (seconds > 0 && seconds < 0.095) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** 0.012, 4.31, 123: seconds as milliseconds of three digits and more, without the unit, for tables. */
export function milliseconds(seconds: number): string {
  const value = seconds * 1000;
  if (value >= 99.95) return count(value);
  return value.toFixed(value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3);
}

/** 54.9 MB; powers of a thousand, as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${scaled >= 100 || power === 0 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[power]}`;
}

const thousands = ['', ' k', ' M', ' G', ' T', ' P', ' E', ' Z', ' Y'];

/** 999, 7.85 k, 1.23 M, 174 G: three significant digits, for where a whole number has no room. */
export function shortCount(value: number): string {
  let [scaled, power] = [value, 0];
  // What would be rounded to 1000 is 1.00 of the next.
  for (; Math.abs(scaled) >= 999.5 && power < thousands.length - 1; power++) scaled /= 1000;
  return `${Number(scaled.toPrecision(3))}${thousands[power]}`;
}

/** 0.04, 0.9111, 243,518, 1.234e-7, 1.234e+9: four significant digits; below a million all digits before the point. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1000 && size < 1e6) return count(value);
  const rounded = Number(value.toPrecision(4));
  return size >= 1e-4 && size < 1e6 ? String(rounded) : rounded.toExponential();
}
