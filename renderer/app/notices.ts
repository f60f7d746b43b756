import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { useProject } from '../features/project/project-store.ts';
import { allRead, withError } from './notice-log.ts';
import type { LoggedError } from './notice-log.ts';

/** Milliseconds that a message of success stays. */
const successStays = 4000;

/**
 * What the window reports apart from its places. A success leaves by itself. Errors are kept in a list, which opens
 * with each and stays open until the user closes it: then they are read.
 */
export const useNotices = defineStore('notices', () => {
  const success = shallowRef<string | null>(null);
  const errors = shallowRef<readonly LoggedError[]>([]);
  const areErrorsOpen = shallowRef(false);
  const unread = computed(() => errors.value.filter(({ isRead }) => !isRead).length);
  let lastId = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(message: string): void {
    clearTimeout(timer);
    success.value = message;
    timer = setTimeout(() => (success.value = null), successStays);
  }

  /** `isOfFile`: what it names is not of the open project. */
  function tellFailure(failure: Failure, isOfFile = false): void {
    const document = isOfFile ? null : useProject().key;
    errors.value = withError(errors.value, failure, { id: ++lastId, time: Date.now(), document });
    areErrorsOpen.value = true;
  }

  function showErrors(areShown: boolean): void {
    areErrorsOpen.value = areShown;
    if (!areShown) errors.value = allRead(errors.value);
  }

  function dismiss(id: number): void {
    errors.value = errors.value.filter((error) => error.id !== id);
    if (errors.value.length === 0) areErrorsOpen.value = false;
  }

  /** What is asked in a dialog now. */
  function dismissCode(code: Failure['code']): void {
    for (const { id, code: of } of errors.value) if (of === code) dismiss(id);
  }

  function clear(): void {
    errors.value = [];
    areErrorsOpen.value = false;
  }

  /** Does it, and tells the user where it could not be done. */
  async function attempt<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | undefined> {
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(error);
      // Who cancelled it knows.
      if (failure.code !== 'cancelled') tellFailure(failure);
      return undefined;
    }
  }

  return {
    success,
    errors,
    areErrorsOpen,
    unread,
    tell,
    tellFailure,
    showErrors,
    dismiss,
    dismissCode,
    clear,
    attempt,
  };
});

export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
