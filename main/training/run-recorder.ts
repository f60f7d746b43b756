import type { Marker } from '../../core/contract/runs.ts';
import type { RunStarted, StepTaken, TrainingEvent } from '../../core/training/events.ts';
import type { RunIndex } from '../runs/run-index.ts';
import { rowOf, stepOfRun } from '../runs/step-series.ts';

/** Writes what a training tells into the index of runs: epochs, steps, markers. */
export class RunRecorder {
  readonly #index: RunIndex;
  readonly #run: string;
  #rows: number[] = [];
  #lastStep = 0;
  #stepsPerEpoch = 0;

  constructor(index: RunIndex, run: string) {
    this.#index = index;
    this.#run = run;
  }

  record(event: TrainingEvent): void {
    switch (event.event) {
      case 'runStarted':
        this.#begin(event);
        return;
      case 'step':
        this.#takeStep(event);
        return;
      case 'epochFinished':
        this.#index.addEpoch(event);
        return;
      case 'checkpointSaved':
        this.flush();
        return;
      case 'runPaused':
        this.#mark('paused', event);
        return;
      case 'runContinued':
        this.#mark('continued', event);
        return;
      case 'settingsChanged':
        this.#mark('settingsChanged', event, event.changes);
        if (event.changes.epochs !== undefined) this.#index.setEpochs(this.#run, event.changes.epochs);
        return;
      default:
        return;
    }
  }

  /** What was heard since the last checkpoint. */
  flush(): void {
    if (this.#rows.length === 0) return;
    this.#index.metrics.addSteps(this.#run, Float64Array.from(this.#rows), this.#lastStep);
    this.#rows = [];
  }

  crashed(): void {
    this.flush();
    const epoch = this.#stepsPerEpoch > 0 ? this.#lastStep / this.#stepsPerEpoch : 0;
    this.#add('crashed', this.#lastStep, epoch, null);
  }

  #begin(event: RunStarted): void {
    this.#index.started(event);
    this.#stepsPerEpoch = event.stepsPerEpoch;
    this.#lastStep = event.fromEpoch * event.stepsPerEpoch + event.fromStep;
    this.#index.metrics.cut(this.#run, event.fromEpoch, this.#lastStep);
    this.#add(this.#lastStep === 0 ? 'started' : 'resumed', this.#lastStep, this.#lastStep / event.stepsPerEpoch, null);
  }

  #takeStep(event: StepTaken): void {
    this.#lastStep = stepOfRun(event);
    this.#rows.push(...rowOf(event));
  }

  #mark(
    kind: Marker['kind'],
    place: { readonly epoch: number; readonly step: number },
    changes: Marker['changes'] = null,
  ): void {
    const step = stepOfRun({ ...place, steps: this.#stepsPerEpoch });
    this.#add(kind, step, step / this.#stepsPerEpoch, changes);
  }

  #add(kind: Marker['kind'], step: number, epoch: number, changes: Marker['changes']): void {
    this.#index.metrics.addMarker(this.#run, { kind, step, epoch, time: Date.now(), changes });
  }
}
