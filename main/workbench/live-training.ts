import type { Marker, StepSeries } from '../../core/contract/runs.ts';
import type { LiveRun } from '../../core/contract/training.ts';
import type {
  EpochFinished,
  RunStarted,
  StepTaken,
  TrainingChanges,
  TrainingEvent,
} from '../../core/training/events.ts';
import { fromRows, rowLength, rowOf, stepOfRun } from '../runs/step-series.ts';
import type { Training } from '../training/train-project.ts';

/** Points of the live series; at ten a second the last six minutes. The rest is in the index of runs. */
const pointsKept = 4000;

/** A training under way, with what a window needs that comes late. */
export class LiveTraining {
  /** Settles when the engine is gone and the run's row is true. */
  ended: Promise<void> = Promise.resolve();
  readonly #training: Training;
  readonly #project: string;
  readonly #storedEpochs: () => EpochFinished[];
  #projectText: string;
  #state: LiveRun['state'] = 'starting';
  #started: RunStarted | null = null;
  #step: StepTaken | null = null;
  #epochs: EpochFinished[] = [];
  #rows: number[] = [];
  #markers: Marker[] = [];

  /** `storedEpochs` gives those that the run has behind it when it starts: a resumed run has some. */
  constructor(training: Training, project: string, projectText: string, storedEpochs: () => EpochFinished[]) {
    this.#storedEpochs = storedEpochs;
    this.#training = training;
    this.#project = project;
    this.#projectText = projectText;
  }

  take(event: TrainingEvent): void {
    switch (event.event) {
      case 'runStarted':
        this.#started = event;
        this.#epochs = this.#storedEpochs();
        if (this.#state === 'starting') this.#state = 'running';
        this.#mark(event.fromEpoch + event.fromStep === 0 ? 'started' : 'resumed', event.fromEpoch + 1, event.fromStep);
        return;
      case 'step':
        this.#step = event;
        this.#rows.push(...rowOf(event));
        // Cut in large pieces: moving the rest at every step would cost more.
        if (this.#rows.length > 2 * pointsKept * rowLength) this.#rows = this.#rows.slice(-pointsKept * rowLength);
        return;
      case 'epochFinished':
        this.#epochs.push(event);
        return;
      case 'checkpointSaved': {
        const kind = event.kind === 'last' ? 'checkpoint' : 'best';
        this.#markers = this.#markers.filter((marker) => marker.kind !== kind);
        this.#mark(kind, event.epoch + 1, event.step);
        return;
      }
      case 'runPaused':
        this.#state = 'paused';
        this.#mark('paused', event.epoch, event.step);
        return;
      case 'settingsChanged':
        this.#change(event.changes);
        this.#mark('settingsChanged', event.epoch, event.step, event.changes);
        return;
      case 'runContinued':
        this.#state = 'running';
        this.#mark('continued', event.epoch, event.step);
        return;
      default:
        return;
    }
  }

  state(): LiveRun {
    return {
      run: this.#training.run,
      project: this.#project,
      state: this.#state,
      projectText: this.#projectText,
      started: this.#started,
      step: this.#step,
      epochs: this.#epochs,
      series: this.#series(),
      markers: this.#markers,
    };
  }

  pause(): void {
    if (this.#state !== 'running' && this.#state !== 'starting') return;
    this.#state = 'pausing';
    this.#training.post({ type: 'pause' });
  }

  continue(changes: TrainingChanges): void {
    if (this.#state !== 'paused' && this.#state !== 'pausing') return;
    this.#state = 'running';
    this.#training.post({ type: 'continue', changes });
  }

  stop(): void {
    this.#state = 'stopping';
    this.#training.stop();
  }

  kill(): void {
    this.#state = 'stopping';
    this.#training.kill();
  }

  watchMismatches(limit: number): void {
    this.#training.post({ type: 'watchMismatches', limit });
  }

  #series(): StepSeries {
    return fromRows(Float64Array.from(this.#rows));
  }

  #change(changes: TrainingChanges): void {
    const project = JSON.parse(this.#projectText) as { readonly recipe: object };
    this.#projectText = `${JSON.stringify({ ...project, recipe: { ...project.recipe, ...changes } }, null, 2)}\n`;
  }

  /** `epoch` is the one that is being trained, from 1. */
  #mark(kind: Marker['kind'], epoch: number, step: number, changes: TrainingChanges | null = null): void {
    const steps = this.#started?.stepsPerEpoch ?? 0;
    const place = { step: stepOfRun({ epoch, step, steps }), epoch: epoch - 1 + (steps > 0 ? step / steps : 0) };
    this.#markers.push({ kind, ...place, time: Date.now(), changes });
  }
}
