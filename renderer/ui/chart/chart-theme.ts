import { onScopeDispose, readonly, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';

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
  const update = () => (theme.value = readTheme());
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', update);
  onScopeDispose(() => {
    observer.disconnect();
    system.removeEventListener('change', update);
  });
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
