import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { RunQuery, RunSummary } from '../../../core/contract/runs.ts';
import { failureOf, useNotices } from '../../app/notices.ts';
import { workbench } from '../../app/workbench.ts';
import { useProject } from '../project/project-store.ts';
import { runsBetween } from './run-range.ts';

/** Rows fetched at once. */
const pageSize = 100;
/** Milliseconds from a change of rows to their being fetched again; also what typing waits for. */
const settleAfter = 250;
/** Runs that can be laid over each other: there are so many colours. */
export const mostSelected = 6;

/** The table of all runs: only the pages looked at are fetched. */
export const useRuns = defineStore('runs', () => {
  const notices = useNotices();
  const search = shallowRef('');
  const onlyStarred = shallowRef(false);
  const sort = shallowRef<NonNullable<RunQuery['sort']>>({ by: 'created', descending: true });
  const total = shallowRef<number | null>(null);
  const pages = shallowRef<ReadonlyMap<number, readonly RunSummary[]>>(new Map());
  const selected = shallowRef<readonly string[]>([]);
  /** Of the tabs below the table. */
  const view = shallowRef('curves');
  /** The document that was open when they were selected. */
  const selectedBeside = shallowRef<string | null>(null);
  /** Chosen by hand in a list of Evaluate or Export, and beside which document; a training or a selection ends that. */
  const picked = shallowRef<{ readonly document: string; readonly run: string } | null>(null);
  /** Where a selection of several begins. */
  let anchor: string | undefined;
  let asked = new Set<number>();
  let visible: readonly [first: number, last: number] = [0, 0];
  let generation = 0;
  /** Runs that are not seen any more must not be acted on. */
  let isSearchNew = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let forget: (() => void) | undefined;

  const isEmpty = computed(() => total.value === 0 && search.value === '' && !onlyStarred.value);

  function row(index: number): RunSummary | undefined {
    return pages.value.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  function show(first: number, last: number): void {
    visible = [first, last];
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) void fetchPage(page);
  }

  async function fetchPage(page: number): Promise<void> {
    if (asked.has(page)) return;
    asked.add(page);
    const current = generation;
    const query = { search: search.value, onlyStarred: onlyStarred.value, sort: sort.value };
    const answer = await notices.attempt(() =>
      workbench.call('runs.list', { ...query, offset: page * pageSize, limit: pageSize }),
    );
    if (answer === undefined || current !== generation) return;
    total.value = answer.total;
    pages.value = new Map(pages.value).set(page, answer.runs);
    if (isSearchNew) keepSelectionOf(answer.runs);
  }

  function keepSelectionOf(found: readonly RunSummary[]): void {
    isSearchNew = false;
    const ids = new Set(found.map(({ id }) => id));
    if (!selected.value.every((id) => ids.has(id))) selected.value = selected.value.filter((id) => ids.has(id));
  }

  /** The old rows stay until the new ones come. */
  function refresh(): void {
    clearTimeout(timer);
    timer = undefined;
    generation++;
    asked = new Set();
    const first = Math.floor(visible[0] / pageSize);
    const last = Math.floor(visible[1] / pageSize);
    pages.value = new Map([...pages.value].filter(([page]) => page >= first && page <= last));
    show(...visible);
  }

  function refreshSoon(): void {
    timer ??= setTimeout(refresh, settleAfter);
  }

  function open(): void {
    forget ??= workbench.on('runsChanged', refreshSoon);
    refresh();
  }

  /** Nobody looks: nothing is fetched. */
  function close(): void {
    forget?.();
    forget = undefined;
  }

  watch(
    selected,
    () => {
      selectedBeside.value = useProject().key;
      picked.value = null;
    },
    { flush: 'sync' },
  );
  watch(sort, refresh);
  watch(onlyStarred, () => {
    isSearchNew = true;
    refresh();
  });
  watch(search, () => {
    isSearchNew = true;
    refreshSoon();
  });

  workbench.on('runsRemoved', ({ runs: gone }) => {
    if (picked.value !== null && gone.includes(picked.value.run)) picked.value = null;
    if (selected.value.some((id) => gone.includes(id)))
      selected.value = selected.value.filter((id) => !gone.includes(id));
  });

  function select(run: string): void {
    anchor = run;
    selected.value = [run];
  }

  /** Selects all from where the selection began to this one. */
  function extend(run: string): void {
    const order = Array.from({ length: total.value ?? 0 }, (_, index) => row(index)?.id);
    const range = runsBetween(order, anchor ?? selected.value.at(-1), run, mostSelected);
    anchor ??= range[0];
    selected.value = range;
    if (range.at(-1) !== run) tellMost();
  }

  function tellMost(): void {
    notices.tell(`${mostSelected} runs can be compared at once.`);
  }

  function toggle(run: string): void {
    anchor = run;
    const others = selected.value.filter((id) => id !== run);
    if (others.length < selected.value.length) selected.value = others;
    else if (others.length < mostSelected) selected.value = [...others, run];
    else tellMost();
  }

  async function update(
    run: string,
    change: Partial<Pick<RunSummary, 'name' | 'tags' | 'note' | 'isStarred'>>,
  ): Promise<void> {
    await notices.attempt(() => workbench.call('runs.update', { run, ...change }));
    refreshSoon();
  }

  /** Gives why the name was refused. */
  async function rename(run: string, name: string): Promise<string | null> {
    try {
      await workbench.call('runs.update', { run, name });
    } catch (error) {
      return failureOf(error).message;
    }
    refreshSoon();
    return null;
  }

  async function remove(runs: readonly string[]): Promise<void> {
    await notices.attempt(() => workbench.call('runs.remove', { runs }));
    refreshSoon();
  }

  return {
    ...{ search, onlyStarred, sort, total, pages, selected, view, selectedBeside, picked, isEmpty },
    ...{ row, show, open, close, select, toggle, extend, update, rename, remove },
  };
});
