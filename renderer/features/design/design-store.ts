import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { drawNetwork, closedAtFirst } from '../../../core/drawing/draw.ts';
import { copyText, pasteModules } from '../../../core/editing/clipboard.ts';
import type { Edited } from '../../../core/editing/edited.ts';
import { fixesFor } from '../../../core/editing/fixes.ts';
import {
  duplicateModules,
  insertModules,
  moveModules,
  removeModules,
  renameModule,
  shiftModules,
} from '../../../core/editing/modules.ts';
import { followed } from '../../../core/editing/follow.ts';
import type { Target } from '../../../core/editing/target.ts';
import { unwrapModule, wrapModules } from '../../../core/editing/wrapping.ts';
import { FailureError } from '../../../core/failure.ts';
import { networkOf, rootOf } from '../../../core/network/address.ts';
import type { Address } from '../../../core/network/address.ts';
import type { NetworkNode } from '../../../core/network/tree.ts';
import type { WrapperType } from '../../../core/network/wrap.ts';
import type { Project } from '../../../core/project/project.ts';
import { useNotices } from '../../app/notices.ts';
import { useSettings } from '../../app/settings-store.ts';
import { useProject } from '../project/project-store.ts';
import { moduleKeys } from './module-keys.ts';
import { around, exists, insertionTargetOf, siblingsOf } from './places-in-tree.ts';

/** What is dragged over the canvas. */
export type Drag =
  | { readonly kind: 'new'; readonly title: string; readonly nodes: readonly NetworkNode[] }
  | { readonly kind: 'move'; readonly title: string; readonly addresses: readonly Address[] };

const main = 'networks.main';

/** Of projects whose way of drawing is remembered. */
const mostKept = 200;

/** Of a whole network, not of a module in it. */
export function isNetwork(address: Address): boolean {
  return /^networks\.\w+$/.test(address);
}

/** How the network is looked at, what of it is selected, and every edit of it. */
export const useDesign = defineStore('design', () => {
  const current = useProject();
  const notices = useNotices();
  const settings = useSettings();

  const entered = shallowRef<Address>(main);
  const closed = shallowRef<ReadonlySet<Address>>(new Set());
  const chosen = shallowRef<readonly Address[]>([]);
  const drag = shallowRef<Drag | null>(null);
  const quickInsertAt = shallowRef<Target | null>(null);
  const renaming = shallowRef<Address | null>(null);
  const keys = moduleKeys();

  const facts = computed(() => current.facts);
  /** What an undo or another hand took away is no longer selected. */
  const selection = computed(() => chosen.value.filter((address) => exists(current.project, address)));
  const root = computed(() => (exists(current.project, entered.value) ? entered.value : main));
  const isInside = computed(() => !isNetwork(root.value));
  const drawnAs = computed(() => current.file ?? current.project?.name ?? '');
  const isInColumns = computed(() => settings.settings.drawnInColumns.includes(drawnAs.value));
  const view = computed(() => ({ root: root.value, closed: closed.value, isInColumns: isInColumns.value }));
  const drawing = computed(() =>
    current.project === null ? null : drawNetwork(current.project, facts.value, view.value),
  );
  const fixes = computed(() =>
    current.project === null || facts.value === null
      ? []
      : fixesFor(current.project, facts.value, current.dataFacts ?? undefined),
  );

  watch(root, (address) => current.lookAt(networkOf(address)), { immediate: true, flush: 'sync' });

  /** Another document begins from afar: with as many of its containers open as fit. */
  let key = '';
  watch(
    () => current.key,
    () => {
      ({ key } = current);
      entered.value = main;
      chosen.value = [];
      quickInsertAt.value = null;
      closed.value = current.project === null ? new Set() : closedAtFirst(current.project);
    },
    { immediate: true, flush: 'sync' },
  );

  /** What was selected when a project became another one: an undo brings it back. */
  const selectedThen = new WeakMap<Project, readonly Address[]>();

  /** What is closed, selected and entered stays so wherever an edit, an undo or a redo moves it. */
  watch(
    () => current.project,
    (now, before) => {
      if (now === null || before === null || current.key !== key) return;
      const follow = (addresses: Iterable<Address>) =>
        [...addresses].flatMap((address) => followed(before, now, address) ?? []);
      keys.follow(before, now);
      selectedThen.set(before, chosen.value);
      closed.value = new Set(follow(closed.value));
      chosen.value = selectedThen.get(now) ?? follow(chosen.value);
      entered.value = follow([entered.value])[0] ?? main;
    },
    { flush: 'sync' },
  );

  /** Selects, and opens what lies around the first so that it is seen. */
  function select(addresses: readonly Address[]): void {
    chosen.value = addresses.filter((address) => exists(current.project, address));
    const [first] = chosen.value;
    if (first === undefined) return;
    const outer = around(first);
    if (outer.some((address) => closed.value.has(address))) {
      closed.value = new Set([...closed.value].filter((address) => !outer.includes(address)));
    }
    if (first !== root.value && !outer.includes(root.value))
      entered.value = first.startsWith('networks.') ? `networks.${networkOf(first)}` : rootOf(first);
  }

  function toggle(address: Address): void {
    const { value } = selection;
    chosen.value = value.includes(address) ? value.filter((other) => other !== address) : [...value, address];
  }

  /** All beside the first selected one, or all of what is entered. */
  function selectAll(): void {
    if (current.project === null) return;
    chosen.value = siblingsOf(current.project, selection.value[0], root.value);
  }

  function enter(address: Address): void {
    entered.value = address;
    setClosed(address, false);
  }

  /** To the container around the one that is entered. */
  function leave(): void {
    const outer = around(root.value)[0];
    if (outer === undefined) return;
    chosen.value = [root.value];
    entered.value = outer;
  }

  function setClosed(address: Address, isClosed: boolean): void {
    if (closed.value.has(address) === isClosed) return;
    const next = new Set(closed.value);
    if (isClosed) next.add(address);
    else next.delete(address);
    closed.value = next;
  }

  function toggleClosed(address: Address): void {
    setClosed(address, !closed.value.has(address));
  }

  function toggleColumns(): void {
    const others = settings.settings.drawnInColumns.filter((name) => name !== drawnAs.value);
    settings.change({ drawnInColumns: isInColumns.value ? others : [drawnAs.value, ...others].slice(0, mostKept) });
  }

  /** Does an edit: it can be undone, and what it made is selected. What cannot be done is told. */
  function apply(edit: (project: Project) => Edited, about: string): boolean {
    if (current.project === null) return false;
    try {
      const edited = edit(current.project);
      current.change(edited.project, about);
      select(edited.selection);
      return true;
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      notices.tellFailure(error.failure);
      return false;
    }
  }

  /** Each edit is undone by itself: only values typed into the same field are undone together. */
  let edits = 0;
  const once = (edit: (project: Project) => Edited) => apply(edit, `edit ${++edits}`);

  const insert = (target: Target, nodes: readonly NetworkNode[]) =>
    once((project) => insertModules(project, target, nodes));
  const remove = () => once((project) => removeModules(project, selection.value));
  const duplicate = () => once((project) => duplicateModules(project, selection.value));
  const shift = (by: -1 | 1) => once((project) => shiftModules(project, selection.value, by));
  const wrap = (type: WrapperType) => once((project) => wrapModules(project, selection.value, type));
  const unwrap = () => once((project) => unwrapModule(project, selection.value[0] ?? root.value));
  const paste = (text: string) => once((project) => pasteModules(project, insertionTarget(), text));

  function rename(address: Address, name: string | undefined): boolean {
    return once((project) => renameModule(project, address, name));
  }

  /** The selected modules as text; empty if none is. */
  function copied(): string {
    return current.project === null || selection.value.length === 0 ? '' : copyText(current.project, selection.value);
  }

  /** After the last selected module; at the end of what is entered if none is. */
  function insertionTarget(): Target {
    return insertionTargetOf(current.project!, selection.value.at(-1), root.value);
  }

  function askQuickInsert(target: Target = insertionTarget()): void {
    quickInsertAt.value = target;
  }

  function beginDrag(begun: Drag): void {
    drag.value = begun;
  }

  function endDrag(target: Target | null): void {
    const dragged = drag.value;
    drag.value = null;
    if (dragged === null || target === null) return;
    if (dragged.kind === 'new') insert(target, dragged.nodes);
    else once((project) => moveModules(project, dragged.addresses, target));
  }

  return {
    ...{
      facts,
      drawing,
      view,
      root,
      isInside,
      isInColumns,
      toggleColumns,
      closed,
      selection,
      drag,
      quickInsertAt,
      renaming,
      fixes,
    },
    ...{ select, toggle, selectAll, enter, leave, setClosed, toggleClosed, apply },
    ...{ insert, remove, duplicate, shift, wrap, unwrap, paste, rename, copied },
    ...{ insertionTarget, askQuickInsert, beginDrag, endDrag },
    ...{ keyOf: keys.keyOf, keyOfPlace: keys.keyOfPlace },
  };
});
