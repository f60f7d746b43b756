import { onScopeDispose, readonly, ref } from 'vue';
import type { Ref } from 'vue';

/** Milliseconds that a question is open. */
const stays = 5000;

/** What a document and an element have of an event. */
interface Heard {
  readonly target: unknown;
}

/**
 * A button that is pressed twice for what cannot be undone. It forgets the first press after some seconds, and on
 * anything that is pressed elsewhere in the document. `isOwn` tells what belongs to the button.
 */
export function useArmed(
  isOwn: (event: Heard) => boolean,
  elsewhere: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
): { readonly isArmed: Readonly<Ref<boolean>>; readonly arm: () => void; readonly disarm: () => void } {
  const isArmed = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function hear(event: Event): void {
    if (!isOwn(event)) disarm();
  }

  function arm(): void {
    disarm();
    isArmed.value = true;
    timer = setTimeout(disarm, stays);
    for (const kind of kinds) elsewhere.addEventListener(kind, hear, true);
  }

  function disarm(): void {
    isArmed.value = false;
    clearTimeout(timer);
    for (const kind of kinds) elsewhere.removeEventListener(kind, hear, true);
  }

  onScopeDispose(disarm);
  return { isArmed: readonly(isArmed), arm, disarm };
}

const kinds = ['pointerdown', 'keydown'] as const;
