import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';

export interface Playback {
  readonly isPlaying: Ref<boolean>;
  readonly toggle: () => void;
  readonly stop: () => void;
}

/**
 * Goes from one place to the next, over and over, each time after what `delay` says, in milliseconds. For those who
 * want less motion once and slowly.
 */
export function usePlayback(next: () => void, isAtEnd: () => boolean, delay: () => number): Playback {
  const isPlaying = ref(false);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const leastCalm = 800;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function goOn(): void {
    timer = setTimeout(
      () => {
        if (calm.matches && isAtEnd()) {
          stop();
          return;
        }
        next();
        goOn();
      },
      calm.matches ? Math.max(delay(), leastCalm) : delay(),
    );
  }

  function stop(): void {
    clearTimeout(timer);
    isPlaying.value = false;
  }

  function toggle(): void {
    if (isPlaying.value) {
      stop();
      return;
    }
    isPlaying.value = true;
    if (isAtEnd()) next();
    goOn();
  }

  onScopeDispose(stop);
  return { isPlaying, toggle, stop };
}
