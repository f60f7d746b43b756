import { inject, provide, shallowRef } from 'vue';
import type { InjectionKey, ShallowRef } from 'vue';
import type { DrawnChart, Range } from './curves-svg.ts';

/** What charts beside each other share: where the pointer is, and which part of the training is looked at. */
export interface ChartSync {
  /** In epochs; null: the pointer is elsewhere. */
  readonly hover: ShallowRef<number | null>;
  /** In epochs; null: all. */
  readonly range: ShallowRef<Range | null>;
  /** What each chart shows when it is asked, in the order in which they came. */
  readonly charts: Set<() => DrawnChart>;
}

const key: InjectionKey<ChartSync> = Symbol('chart sync');

export function provideChartSync(): ChartSync {
  const sync: ChartSync = { hover: shallowRef(null), range: shallowRef(null), charts: new Set() };
  provide(key, sync);
  return sync;
}

export function useChartSync(): ChartSync {
  const sync = inject(key);
  if (sync === undefined) throw new Error('a chart stands in no place that provides a chart sync');
  return sync;
}
