import { defineStore } from 'pinia';
import { nextTick, ref } from 'vue';
import { blamedModule } from '../../core/network/facts.ts';
import { useDesign } from '../features/design/design-store.ts';

export const places = ['design', 'data', 'train', 'evaluate', 'runs', 'export'] as const;
export type Place = (typeof places)[number];

export type Dialog =
  | 'palette'
  | 'shortcuts'
  | 'recipes'
  | 'open'
  | 'recent'
  | 'saveAs'
  | 'rename'
  | 'leave'
  | 'makeBlock'
  | 'dataChanged'
  | 'fileChanged';

/** Where the user is and what lies open above it. */
export const usePlaces = defineStore('places', () => {
  const place = ref<Place>('train');
  const dialog = ref<Dialog | null>(null);
  const areProblemsOpen = ref(false);
  /** The run that is evaluated or exported, and one that is to be: where the user was before. */
  const pickedRun = ref<string | null>(null);
  const wantedRun = ref<string | null>(null);

  /** Shows the field or module at a place of the project, and puts the keyboard there. */
  async function goTo(at: string): Promise<void> {
    place.value = placeOf(at);
    if (place.value === 'design') useDesign().select([blamedModule(at)]);
    await nextTick();
    // A place that is opened appears part by part.
    for (let frame = 0; frame < 12 && nearestField(at)?.dataset['at'] !== at; frame++) await nextFrame();
    nearestField(at)?.focus();
  }

  return { place, dialog, areProblemsOpen, pickedRun, wantedRun, goTo };
});

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

function placeOf(at: string): Place {
  if (at.startsWith('networks') || at.startsWith('blocks')) return 'design';
  return at.startsWith('data') ? 'data' : 'train';
}

/** The element that shows `at`, or what is around it. */
function nearestField(at: string): HTMLElement | undefined {
  const fields = [...document.querySelectorAll<HTMLElement>('[data-at]')];
  const around = fields.filter((field) => at.startsWith(field.dataset['at']!));
  return around.toSorted((a, b) => b.dataset['at']!.length - a.dataset['at']!.length)[0];
}
