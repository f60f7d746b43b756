import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { isOver } from '../features/train/live-run.ts';
import { useRunNames } from '../features/runs/run-names.ts';
import { useTraining } from '../features/train/training-store.ts';
import { endWords } from './window-title.ts';

/** A notification of the system when a training ends while the window is not looked at. */
export const useEndNotification = defineStore('endNotification', () => {
  const training = useTraining();
  const names = useRunNames();
  const isPossible = typeof Notification !== 'undefined';
  const permission = shallowRef(isPossible ? Notification.permission : 'denied');
  /** Worth asking: a browser decides once, and only where the user has clicked. */
  const canAsk = computed(() => permission.value === 'default');

  async function ask(): Promise<void> {
    permission.value = await Notification.requestPermission();
  }

  watch(
    () => training.watched,
    (run, before) => {
      const hasEnded = run !== null && before?.run === run.run && !isOver(before.state) && isOver(run.state);
      if (!hasEnded || permission.value !== 'granted' || document.hasFocus()) return;
      const words = endWords(run, names.nameOf(run.run));
      if (words === null) return;
      const notification = new Notification(words.title, { body: words.body, tag: run.run });
      notification.onclick = () => {
        window.focus();
        notification.close();
      };
    },
  );

  return { canAsk, ask };
});
