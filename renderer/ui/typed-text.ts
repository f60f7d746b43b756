import { ref, watch } from 'vue';
import type { Ref } from 'vue';

export interface TypedField {
  /** What the field shows where nothing is being typed. */
  readonly value: () => unknown;
  /** What the value is of. */
  readonly subject: () => unknown;
  /** The text that was refused and not corrected since. */
  readonly refused: () => string | undefined;
  /** Why a text cannot be taken. */
  readonly refusalOf: (text: string) => string | undefined;
}

/**
 * What is being typed into a field; undefined where it shows its value or the text that was refused. It ends when the
 * value or its subject changes, and when a refusal is taken back elsewhere, as by undo: not when the text is corrected,
 * which takes the refusal back as well.
 */
export function useTypedText({ value, subject, refused, refusalOf }: TypedField): Ref<string | undefined> {
  const typed = ref<string>();
  watch([value, subject], () => (typed.value = undefined));
  watch(refused, (now) => {
    if (now === undefined && typed.value !== undefined && refusalOf(typed.value) !== undefined) typed.value = undefined;
  });
  return typed;
}
