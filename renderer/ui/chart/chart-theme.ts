import { readonly, shallowRef, watch } from 'vue';
import type { ShallowRef } from 'vue';
import { useIsDark } from '../use-is-dark.ts';
import type { ChartTheme } from './colours.ts';

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
    marks: {
      failure: colour('failure'),
      data: colour('data'),
      settings: colour('settings'),
      best: colour('best'),
      pause: colour('text'),
    },
    paper: colour('paper'),
    ink: colour('ink'),
    font: getComputedStyle(document.body).fontFamily,
  };
}
