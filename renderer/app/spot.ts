import { places } from './places.ts';
import type { Place } from './places.ts';

/** Where the user is, in an entry of the browser's history. */
export interface Spot {
  readonly place: Place;
  /** Key of the project that was open. */
  readonly document: string;
  /** The data set that is looked at in Data. */
  readonly dataset: string | null;
  /** Addresses of the selected modules. */
  readonly modules: readonly string[];
  /** The run that Train shows. */
  readonly run: string | null;
  /** Selected in Runs. */
  readonly runs: readonly string[];
  /** The run that is evaluated or exported. */
  readonly pickedRun: string | null;
  /** The view of Evaluate. */
  readonly view: string | null;
  readonly checkpoint: 'last' | 'best';
  /** The run shown in Evaluate, and of it the test sample looked at, whether its layers are seen, and the run compared with. */
  readonly evaluated: string | null;
  readonly sample: number | null;
  readonly isLookedInside: boolean;
  readonly comparedWith: string | null;
  /** The view of what is selected in Runs. */
  readonly runsView: string | null;
}

/** Null: an entry of another page, or of another version of this one. */
export function readSpot(state: unknown): Spot | null {
  const { spot } = (state ?? {}) as { readonly spot?: Partial<Readonly<Record<keyof Spot, unknown>>> };
  if (typeof spot !== 'object' || !places.some((place) => place === spot.place)) return null;
  const name = (value: unknown) => (typeof value === 'string' ? value : null);
  const names = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
  return {
    place: spot.place as Place,
    document: name(spot.document) ?? '',
    dataset: name(spot.dataset),
    modules: names(spot.modules),
    run: name(spot.run),
    runs: names(spot.runs),
    pickedRun: name(spot.pickedRun),
    view: name(spot.view),
    evaluated: name(spot.evaluated),
    sample: typeof spot.sample === 'number' ? spot.sample : null,
    isLookedInside: spot.isLookedInside === true,
    comparedWith: name(spot.comparedWith),
    runsView: name(spot.runsView),
    checkpoint: spot.checkpoint === 'last' ? 'last' : 'best',
  };
}
