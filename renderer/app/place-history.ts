import { watch } from 'vue';
import { useDatasets } from '../features/data/dataset-store.ts';
import { useDesign } from '../features/design/design-store.ts';
import { useEvaluation } from '../features/evaluate/evaluation-store.ts';
import { useProject } from '../features/project/project-store.ts';
import { useRuns } from '../features/runs/runs-store.ts';
import { useTraining } from '../features/train/training-store.ts';
import { usePlaces } from './places.ts';
import { rememberRun, rememberedRun } from './remembered-run.ts';
import { readSpot } from './spot.ts';
import type { Spot } from './spot.ts';
import { wayToNote } from './way-to-note.ts';

/** Milliseconds between two notes of a selection: a browser bounds how often its history may change. */
const apart = 300;

/** In the session's storage: where the user was as the page was left. */
const spotKey = 'torchwright.spot';

/**
 * Makes places entries of the browser's history: Back and Forward go between them, and a reload comes back to the
 * place, its run and its selection.
 */
export async function followPlaces(isElectron: boolean): Promise<void> {
  const before = readSpot(stateBefore());
  if (before !== null) show(before);
  await showRun(before);
  note(currentSpot(), 'replace');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notedAt = 0;
  const noteSelection = (): void => {
    timer = undefined;
    notedAt = performance.now();
    note(currentSpot(), 'replace');
  };
  watch(currentSpot, (now) => {
    clearTimeout(timer);
    timer = undefined;
    if (now.run !== null && now.document !== '') remember(now.document, now.run);
    const way = wayToNote(now, readSpot(history.state));
    if (way === null) return;
    if (way === 'push') note(now, 'push');
    else if (performance.now() - notedAt > apart) noteSelection();
    else timer = setTimeout(noteSelection, apart);
  });
  // A browser has read the entry to load again before it tells the page: what was selected a moment ago is not in it.
  window.addEventListener('pagehide', () => sessionStorage.setItem(spotKey, JSON.stringify({ spot: currentSpot() })));
  watch(
    () => useProject().file,
    () => {
      const { document, run } = currentSpot();
      if (run !== null && document !== '') remember(document, run);
    },
  );
  // A project that is opened again shows what was trained of it last.
  watch(
    () => useProject().key,
    () => void showRun(null),
  );
  window.addEventListener('popstate', ({ state }) => {
    const spot = readSpot(state);
    if (spot !== null) show(spot);
  });
  if (isElectron) hearBackAndForward();
}

/** Of the page that is loaded again, or of the entry of the history that was gone to. */
function stateBefore(): unknown {
  const left = sessionStorage.getItem(spotKey);
  sessionStorage.removeItem(spotKey);
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return left !== null && navigation?.type === 'reload' ? JSON.parse(left) : history.state;
}

function currentSpot(): Spot {
  const { place, pickedRun } = usePlaces();
  const evaluation = useEvaluation();
  return {
    place,
    document: useProject().key,
    dataset: useDatasets().opened,
    modules: [...useDesign().selection],
    run: useTraining().watched?.run ?? null,
    runs: [...useRuns().selected],
    pickedRun,
    view: evaluation.view,
    checkpoint: evaluation.checkpoint,
    evaluated: evaluation.run,
    sample: evaluation.sample,
    isLookedInside: evaluation.isLookedInside,
    comparedWith: evaluation.comparison?.run ?? null,
    runsView: useRuns().view,
  };
}

/** Under the file too: opened again, a project is another document. */
function remember(document: string, run: string): void {
  rememberRun(document, run);
  const { file } = useProject();
  if (file !== null && !useTraining().isForeign) rememberRun(file, run);
}

function note(spot: Spot, way: 'push' | 'replace'): void {
  if (way === 'push') history.pushState({ spot }, '');
  else history.replaceState({ spot }, '');
}

function show(spot: Spot): void {
  const places = usePlaces();
  places.place = spot.place;
  useRuns().selected = spot.runs;
  places.wantedRun = spot.pickedRun;
  const isSameProject = spot.document === useProject().key;
  useDatasets().opened = isSameProject ? spot.dataset : null;
  if (isSameProject) {
    useDesign().select(spot.modules);
    useEvaluation().restore(spot);
  }
  if (spot.view !== null) useEvaluation().view = spot.view;
  if (spot.runsView !== null) useRuns().view = spot.runsView;
}

/**
 * The run that was over when the page was loaded again, or the window closed. One that is being trained is there
 * already, and one that was deleted is not missed.
 */
async function showRun(before: Spot | null): Promise<void> {
  const training = useTraining();
  const { key, file } = useProject();
  const known = rememberedRun(key) ?? (file === null ? null : rememberedRun(file));
  const run = before?.document === key && before.run !== null ? before.run : known;
  if (run === null || key === '') return;
  const isOwn = file !== null && rememberedRun(file) === run;
  if (isOwn) await training.showOwn(run).catch(() => undefined);
  else if (training.watched === null) await training.show(run).catch(() => undefined);
}

/** A browser does this by itself. */
function hearBackAndForward(): void {
  window.addEventListener('mouseup', (event) => {
    if (event.button !== 3 && event.button !== 4) return;
    event.preventDefault();
    history.go(event.button === 3 ? -1 : 1);
  });
  window.addEventListener('keydown', (event) => {
    const way = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (way === 0 || !event.altKey || event.ctrlKey || event.shiftKey || event.metaKey) return;
    event.preventDefault();
    history.go(way);
  });
}
