import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { fieldAt, withField } from './field-path.ts';
import { useProject } from './project-store.ts';

export interface Field<Value> {
  /** Undefined: not written, the default holds. */
  readonly value: ComputedRef<Value | undefined>;
  /** What is wrong with it, in a sentence. */
  readonly problem: ComputedRef<string | undefined>;
  /** Undefined takes it out of the project. */
  set(value: Value | undefined): void;
}

/** One place of the open project, such as `recipe.batchSize`. */
export function useField<Value>(path: () => string): Field<Value> {
  const current = useProject();
  return {
    value: computed(() => fieldAt(current.project, path()) as Value | undefined),
    problem: computed(() => current.problems.find(({ at }) => writtenAt(at) === path())?.message),
    set(value) {
      if (current.project !== null) current.change(withField(current.project, path(), value), path());
    },
  };
}

/** Without the instances of Blocks through which it is seen. */
function writtenAt(at: string | undefined): string | undefined {
  return at?.slice(at.lastIndexOf('/') + 1);
}
