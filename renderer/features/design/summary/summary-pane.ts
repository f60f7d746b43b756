import { ref, watch } from 'vue';
import type { Ref } from 'vue';

export type SummaryTab = 'table' | 'text' | 'python';

const kept = 'summary-pane';
const smallest = 120;

interface PaneState {
  readonly isOpen: boolean;
  /** Pixels. */
  readonly height: number;
  readonly tab: SummaryTab;
}

function readState(): PaneState {
  const standard: PaneState = { isOpen: false, height: 280, tab: 'table' };
  const text = sessionStorage.getItem(kept);
  return text === null ? standard : { ...standard, ...(JSON.parse(text) as PaneState) };
}

const state: Ref<PaneState> = ref(readState());
watch(state, (now) => sessionStorage.setItem(kept, JSON.stringify(now)));

/** How the pane below the canvas stands: the same as long as the window is open. */
export function useSummaryPane(): {
  readonly state: Readonly<Ref<PaneState>>;
  readonly change: (changes: Partial<PaneState>) => void;
  readonly resize: (height: number) => void;
} {
  function change(changes: Partial<PaneState>): void {
    state.value = { ...state.value, ...changes };
  }

  /** The canvas keeps most of the place. */
  function resize(height: number): void {
    change({ height: Math.round(Math.min(Math.max(height, smallest), window.innerHeight * 0.6)) });
  }

  return { state, change, resize };
}
