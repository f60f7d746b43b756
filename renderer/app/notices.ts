import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'failure';
  readonly message: string;
  readonly advice?: string;
}

/** How long a good word stays, in milliseconds; failures stay until they are put away. */
const goodWordStays = 4000;

/** What the window has to say apart from its places. */
export const useNotices = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let lastId = 0;

  function tell(message: string): void {
    const id = add({ kind: 'done', message });
    setTimeout(() => dismiss(id), goodWordStays);
  }

  function tellFailure(failure: Failure): void {
    const { message, advice } = failure;
    if (notices.value.some((notice) => notice.message === message)) return;
    add({ kind: 'failure', message, ...(advice === undefined ? {} : { advice }) });
  }

  function add(notice: Omit<Notice, 'id'>): number {
    const id = ++lastId;
    notices.value = [...notices.value.slice(-3), { ...notice, id }];
    return id;
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
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

  return { notices, tell, tellFailure, dismiss, attempt };
});

function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
