import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { ComputedRef } from 'vue';
import type { Failure } from '../../../core/failure.ts';
import type { Project } from '../../../core/project/project.ts';
import { followDrafts } from './drafts.ts';
import type { Draft } from './drafts.ts';

/** Fields of the open project that hold something refused. They are among its problems, wherever the user goes. */
export const useDrafts = defineStore('drafts', () => {
  const drafts = shallowRef<readonly Draft[]>([]);
  /** So many of the last ones were typed since the project changed: undo takes them away before anything else. */
  const fresh = shallowRef(0);
  const failures = computed<readonly Failure[]>(() =>
    drafts.value.map(({ at, refusal }) => ({ code: 'badProject', message: refusal, at })),
  );

  function find(at: string, part: Draft['part']): Draft | undefined {
    return drafts.value.find((draft) => draft.at === at && draft.part === part);
  }

  function put(draft: Draft): void {
    remove(draft.at, draft.part);
    drafts.value = [...drafts.value, draft];
    fresh.value += 1;
  }

  function remove(at: string, part: Draft['part']): void {
    const place = drafts.value.findIndex((draft) => draft.at === at && draft.part === part);
    if (place === -1) return;
    if (place >= drafts.value.length - fresh.value) fresh.value -= 1;
    drafts.value = drafts.value.toSpliced(place, 1);
  }

  /** Takes the last one away that was typed since the project changed; false: there is none. */
  function undo(): boolean {
    if (fresh.value === 0) return false;
    const { at, part } = drafts.value.at(-1)!;
    remove(at, part);
    return true;
  }

  function follow(before: Project, after: Project): void {
    fresh.value = 0;
    if (drafts.value.length > 0) drafts.value = followDrafts(drafts.value, before, after);
  }

  /** For another document. */
  function clear(): void {
    drafts.value = [];
    fresh.value = 0;
  }

  const canUndo = computed(() => fresh.value > 0);

  return { failures, canUndo, find, put, remove, undo, follow, clear };
});

/** What a field shows of a text that it refused. */
export interface FieldDraft {
  readonly text: ComputedRef<string | undefined>;
  readonly refusal: ComputedRef<string | undefined>;
  /** An undefined refusal takes the draft away. */
  refuse(refusal: string | undefined, text: string): void;
}

export function useDraft(at: () => string, part: Draft['part'] = 0): FieldDraft {
  const drafts = useDrafts();
  const draft = computed(() => drafts.find(at(), part));
  // As of a field: see useField.
  let isGone = false;
  onScopeDispose(() => (isGone = true));
  return {
    text: computed(() => draft.value?.text),
    refusal: computed(() => draft.value?.refusal),
    refuse(refusal, text) {
      if (isGone) return;
      if (refusal === undefined) drafts.remove(at(), part);
      else drafts.put({ at: at(), part, text, refusal });
    },
  };
}
