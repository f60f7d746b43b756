import { onScopeDispose, readonly, ref } from 'vue';
import type { Ref } from 'vue';

/** Milliseconds that a question is open, and for which it cannot be answered yet: a double click is no answer. */
const stays = 5000;
const isNew = 700;

/** What a document and an element have of an event. */
interface Heard {
  readonly target: unknown;
}

/**
 * A button that is pressed twice for what cannot be undone. It forgets the first press after some seconds, and on
 * anything that is pressed elsewhere in the document. `isOwn` tells what belongs to the button. `hasBeenSeen`: there was
 * time to read the question since the first press.
 */
export function useArmed(
  isOwn: (event: Heard) => boolean,
  elsewhere: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>,
): {
  readonly isArmed: Readonly<Ref<boolean>>;
  readonly hasBeenSeen: () => boolean;
  readonly arm: () => void;
  readonly disarm: () => void;
} {
  const isArmed = ref(false);
  let armedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function hear(event: Event): void {
    if (!isOwn(event)) disarm();
  }

  function arm(): void {
    disarm();
    isArmed.value = true;
    armedAt = Date.now();
    timer = setTimeout(disarm, stays);
    for (const kind of kinds) elsewhere.addEventListener(kind, hear, true);
  }

  function disarm(): void {
    isArmed.value = false;
    clearTimeout(timer);
    for (const kind of kinds) elsewhere.removeEventListener(kind, hear, true);
  }

  function hasBeenSeen(): boolean {
    return isArmed.value && Date.now() - armedAt >= isNew;
  }

  onScopeDispose(disarm);
  return { isArmed: readonly(isArmed), hasBeenSeen, arm, disarm };
}

const kinds = ['pointerdown', 'keydown'] as const;
