import { readonly, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { useIsDark } from '../use-is-dark.ts';

export interface ChartTheme {
  /** Colours 1…6, from index 0. */
  readonly series: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly mark: string;
  readonly font: string;
}

/** The theme's colours as a canvas wants them; follows the theme. */
export function useChartTheme(): Readonly<ShallowRef<ChartTheme>> {
  const theme = shallowRef(readTheme());
  watch(useIsDark(), () => (theme.value = readTheme()), { flush: 'sync' });
  return readonly(theme);
}

function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    series: ['1', '2', '3', '4', '5', '6'].map(colour),
    text: colour('text'),
    grid: colour('grid'),
    mark: colour('mark'),
    font: getComputedStyle(document.body).fontFamily,
  };
}
