import type { LiveRun, RunOrigin } from '../../core/contract/training.ts';
import type { Project } from '../../core/project/project.ts';
import type { EpochFinished, TrainingChanges, TrainingEvent } from '../../core/training/events.ts';
import { fold, startingRun } from '../../core/training/run-state.ts';
import type { RunState } from '../../core/training/run-state.ts';
import { StepColumns } from '../runs/step-series.ts';
import type { Training } from '../training/train-project.ts';

/** Points of the live series; at ten a second the last six minutes. The rest is in the index of runs. */
const pointsKept = 4000;

/** A training under way, with what a window needs that comes late. */
export class LiveTraining {
  /** Settles when the engine is gone and the run's row is true. */
  ended: Promise<void> = Promise.resolve();
  readonly #training: Training;
  readonly #document: string | null;
  readonly #storedEpochs: () => EpochFinished[];
  readonly #steps = new StepColumns();
  #state: RunState;

  /** `storedEpochs` gives those that the run has behind it when it starts: a resumed run has some. */
  constructor(training: Training, origin: RunOrigin, projectText: string, storedEpochs: () => EpochFinished[]) {
    this.#storedEpochs = storedEpochs;
    this.#training = training;
    this.#document = origin.document;
    this.#state = startingRun(training.run, origin.project, JSON.parse(projectText) as Project);
  }

  take(event: TrainingEvent): void {
    if (event.event === 'runStarted') this.#state = { ...this.#state, epochs: this.#storedEpochs() };
    this.#state = fold(this.#state, event, Date.now());
    if (event.event !== 'step') return;
    this.#steps.add(event);
    // Cut in large pieces: moving the rest at every step would cost more.
    if (this.#steps.length > 2 * pointsKept) this.#steps.keepLast(pointsKept);
  }

  state(): LiveRun {
    const { trained, ...state } = this.#state;
    return {
      ...state,
      document: this.#document,
      projectText: `${JSON.stringify(trained, null, 2)}\n`,
      series: this.#steps.series(),
    };
  }

  pause(): void {
    const { kind } = this.#state.state;
    if (kind !== 'running' && kind !== 'starting') return;
    this.#enter('pausing');
    this.#training.post({ type: 'pause' });
  }

  continue(changes: TrainingChanges): void {
    const { kind } = this.#state.state;
    if (kind !== 'paused' && kind !== 'pausing') return;
    this.#enter('running');
    this.#training.post({ type: 'continue', changes });
  }

  stop(): void {
    this.#enter('stopping');
    this.#training.stop();
  }

  kill(): void {
    this.#enter('stopping');
    this.#training.kill();
  }

  watchMismatches(limit: number): void {
    this.#training.post({ type: 'watchMismatches', limit });
  }

  /** Asked for; the engine's event follows. */
  #enter(kind: 'running' | 'pausing' | 'stopping'): void {
    this.#state = { ...this.#state, state: { kind } };
  }
}
