import type { Failure } from '../../core/failure.ts';
import type { TrainingEvent, WatchedEvent } from '../../core/training/events.ts';
import { placeOf } from '../../core/training/place.ts';
import { fold, startingRun } from '../../core/training/run-state.ts';
import type { Marker, RunState } from '../../core/training/run-state.ts';
import type { RunIndex } from '../runs/run-index.ts';
import { StepColumns } from '../runs/step-series.ts';

/** Writes what a training reports into the index of runs: epochs, steps, markers. */
export class RunRecorder {
  readonly #index: RunIndex;
  readonly #run: string;
  readonly #steps = new StepColumns();
  #state: RunState;

  constructor(index: RunIndex, run: string, project: string) {
    this.#index = index;
    this.#run = run;
    this.#state = startingRun(run, project, null);
  }

  get state(): RunState {
    return this.#state;
  }

  record(event: TrainingEvent): void {
    switch (event.event) {
      case 'runStarted': {
        const { fromEpoch, fromStep, stepsPerEpoch } = event;
        this.#index.started(event);
        const { step } = placeOf({ epoch: fromEpoch, step: fromStep }, stepsPerEpoch);
        this.#index.metrics.cut(this.#run, fromEpoch, step);
        break;
      }
      case 'step':
        this.#steps.add(event);
        break;
      case 'epochFinished':
        this.#index.epochs.add(event);
        break;
      case 'checkpointSaved':
        this.flush();
        if (event.kind === 'best') this.#index.epochs.setBest(this.#run, event.epoch);
        break;
      case 'settingsChanged':
        if (event.changes.epochs !== undefined) this.#index.setEpochs(this.#run, event.changes.epochs);
        break;
      default:
        break;
    }
    this.#fold(event);
  }

  /** What was heard since the last checkpoint. */
  flush(): void {
    if (this.#steps.length === 0) return;
    this.#index.metrics.addSteps(this.#run, this.#steps.chunk());
    this.#steps.clear();
  }

  crashed(error: Failure, complaint: string): void {
    this.flush();
    this.#fold({ event: 'engineCrashed', run: this.#run, error, complaint, checkpoint: null });
  }

  #fold(event: WatchedEvent): void {
    const before = this.#state;
    this.#state = fold(before, event, Date.now());
    if (this.#state.markers === before.markers) return;
    for (const marker of this.#state.markers) {
      if (!before.markers.includes(marker) && isStored(marker)) this.#index.metrics.addMarker(this.#run, marker);
    }
  }
}

/** Where the checkpoints are is known from their own index. */
function isStored({ kind }: Marker): boolean {
  return kind !== 'checkpoint' && kind !== 'best';
}
