import type { RunSummary } from '../../../core/contract/runs.ts';

type Row = Pick<RunSummary, 'id' | 'project' | 'epochsDone'>;

/** What the run to be shown is chosen from, where the user has not named one. */
export interface RunChoice {
  /** Name of the project that is open. */
  readonly project: string | undefined;
  /** The run selected in Runs last, and whether the project was open then. */
  readonly selected: Row | null;
  readonly isSelectedBesideProject: boolean;
  /** The run of this project that Train shows. */
  readonly watched: string | null;
  /** Newest first. */
  readonly rows: readonly Row[];
}

/**
 * The run that Evaluate and Export show at first: one of the open project or, where the user selected it while this
 * project was open, any. Null: the project has none that has learned something.
 */
export function chosenRun({ project, selected, isSelectedBesideProject, watched, rows }: RunChoice): string | null {
  if (selected !== null && (isSelectedBesideProject || selected.project === project)) return selected.id;
  return watched ?? rows.find((row) => row.project === project && row.epochsDone > 0)?.id ?? null;
}
