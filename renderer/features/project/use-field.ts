import { computed, inject, onScopeDispose, watchEffect } from 'vue';
import type { ComputedRef, InjectionKey } from 'vue';
import type { Failure } from '../../../core/failure.ts';
import { isEqual } from '../../../core/editing/is-equal.ts';
import { parseForm } from '../../../core/project/parse.ts';
import { useFieldLabels } from './field-labels.ts';
import { fieldAt, withField } from './field-path.ts';
import { useModuleNames } from './module-names.ts';
import { useProject } from './project-store.ts';

export interface Field<Value> {
  /** Undefined: not written, the default holds; or it differs between the places that it is for. */
  readonly value: ComputedRef<Value | undefined>;
  /** It is for several places, where not all have the same. */
  readonly isMixed: ComputedRef<boolean>;
  /** What is wrong with it, in a sentence. */
  readonly problem: ComputedRef<string | undefined>;
  /** Why no project file can hold such a value there, in a sentence; undefined: it can. */
  refusalOf(value: Value): string | undefined;
  /** Undefined takes it out of the project. */
  set(value: Value | undefined): void;
}

/** Given by what shows several modules at once: the places that are changed with one of them, itself among them. */
export const placesAlike: InjectionKey<(path: string) => readonly string[]> = Symbol('places alike');

/** What stands in a field that is for several places where they differ. */
export const mixedWord = 'mixed';

/**
 * One place of the open project, such as `recipe.batchSize`, or several that are changed together. `label` is what the
 * form calls it: problems name it by that.
 */
export function useField<Value>(path: () => string, label?: () => string): Field<Value> {
  const current = useProject();
  const names = useModuleNames();
  const alike = inject(placesAlike, (one: string) => [one]);
  const labels = useFieldLabels();
  if (label !== undefined) watchEffect(() => labels.remember(path(), label()));
  const paths = computed(() => alike(path()));
  // A field that is taken away while it is typed into says at that moment that it was changed.
  let isGone = false;
  onScopeDispose(() => (isGone = true));
  const values = computed(() => paths.value.map((one) => fieldAt(current.project, one)));
  const isMixed = computed(() => values.value.some((value) => !isEqual(value, values.value[0])));
  return {
    isMixed,
    value: computed(() => (isMixed.value ? undefined : (values.value[0] as Value | undefined))),
    problem: computed(() => {
      const found = current.problems.find(({ at }) => paths.value.includes(writtenAt(at)));
      return found === undefined ? undefined : names.named(found.message);
    }),
    refusalOf(value) {
      const { project } = current;
      if (project === null) return undefined;
      const read = parseForm(paths.value.reduce((next, one) => withField(next, one, value), project));
      if (read.ok) return undefined;
      const found = read.failures.find(({ at = '' }) => paths.value.some((one) => isWithin(at, one)));
      return found && names.named(sentenceOf(found, label?.()));
    },
    set(value) {
      if (current.project === null || isGone) return;
      const next = paths.value.reduce((project, one) => withField(project, one, value), current.project);
      current.change(next, paths.value.join());
    },
  };
}

function isWithin(at: string, field: string): boolean {
  return at.startsWith(field) && /^(?:$|[[.])/.test(at.slice(field.length));
}

/** By the field's label in the place of its address. */
function sentenceOf({ at = '', message }: Failure, label: string | undefined): string {
  return label !== undefined && message.startsWith(`${at} `) ? label + message.slice(at.length) : message;
}

/** Without the instances of Blocks through which it is seen. */
function writtenAt(at = ''): string {
  return at.slice(at.lastIndexOf('/') + 1);
}
