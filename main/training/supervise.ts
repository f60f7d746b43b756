import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { TrainingEvent } from '../../core/training/events.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { EngineInspection, TrainingJob, TrainingReport } from '../engine/messages.ts';
import { failureOf } from '../failures.ts';
import { identityOf } from '../process-identity.ts';
import { readRunRecord, writeRunRecord } from '../runs/run-folder.ts';
import type { RunIndex, RunStatus } from '../runs/run-index.ts';

export interface SupervisedTraining {
  /** Rejects with a FailureError; where the training had begun, after the `runFailed` event. */
  readonly result: Promise<'finished' | 'interrupted'>;
  /** Whether the engine has begun: data and network were accepted. */
  hasStarted(): boolean;
  /** Finish the step, save, end. */
  stop(): void;
  /** At once. The run goes on later from its last checkpoint. */
  kill(): void;
}

/** Milliseconds. */
const beat = 10_000;

/** Has an engine process train, keeps the run's row and record true, and passes every event on once it is stored. */
export function supervise(
  index: RunIndex,
  job: TrainingJob,
  onEvent: (event: TrainingEvent) => void,
): SupervisedTraining {
  const training = new Supervision(index, job, onEvent);
  return {
    result: training.result,
    hasStarted: () => training.hasStarted,
    stop: () => training.engine.stop(),
    kill: () => training.kill(),
  };
}

class Supervision {
  readonly engine;
  readonly result: Promise<'finished' | 'interrupted'>;
  hasStarted = false;
  readonly #index: RunIndex;
  readonly #job: TrainingJob;
  readonly #onEvent: (event: TrainingEvent) => void;
  readonly #heart;
  #versions: EngineInspection['versions'] | null = null;
  #device: string;
  #seconds: number | undefined;
  /** What went wrong on our side, as storing an event; the engine is then asked to stop. */
  #storeFailure: Error | null = null;
  #isKilled = false;

  constructor(index: RunIndex, job: TrainingJob, onEvent: (event: TrainingEvent) => void) {
    this.#index = index;
    this.#job = job;
    this.#device = job.device;
    this.#onEvent = onEvent;
    this.engine = runInEngine(job, (report) => this.#guard(() => this.#take(report)));
    this.#heart = setInterval(() => this.#guard(() => this.#index.beat(job.run)), beat);
    this.result = this.#watch();
  }

  kill(): void {
    this.#isKilled = true;
    this.engine.kill();
  }

  async #watch(): Promise<'finished' | 'interrupted'> {
    try {
      const owners = await Promise.all([process.pid, this.engine.pid].map(identityOf));
      this.#guard(() => this.#index.setOwners(this.#job.run, owners));
      const { state } = await this.engine.result;
      if (this.#storeFailure !== null) throw this.#storeFailure;
      await this.#end(state);
      return state;
    } catch (error) {
      if (this.#isKilled) {
        await this.#end('interrupted');
        return 'interrupted';
      }
      // A full disk stops the storing first; the engine then only says that it was interrupted.
      const cause = this.#storeFailure ?? error;
      const failure = failureOf(cause);
      if (failure === null) throw cause;
      await this.#failed(failure);
      throw new FailureError(failure);
    } finally {
      clearInterval(this.#heart);
    }
  }

  #take(report: TrainingReport): void {
    switch (report.type) {
      case 'versions':
        this.#versions = report.versions;
        return;
      case 'restored':
        this.#index.replaceEpochs(this.#job.run, report.epochs);
        return;
      case 'batchLosses':
        this.#index.addBatchLosses(this.#job.run, report.epoch, report.losses);
        return;
      case 'event':
        this.#store(report.event);
        this.#onEvent(report.event);
    }
  }

  #store(event: TrainingEvent): void {
    switch (event.event) {
      case 'runStarted':
        this.hasStarted = true;
        this.#device = event.device;
        this.#index.started(event);
        return;
      case 'epochFinished':
        this.#index.addEpoch(event);
        return;
      case 'runFinished':
        this.#seconds = event.seconds;
        return;
      default:
        return;
    }
  }

  async #end(status: RunStatus, failure?: Failure): Promise<void> {
    const { run } = this.#job;
    const seconds = this.#seconds === undefined ? {} : { seconds: this.#seconds };
    this.#index.ended(run, status, failure ? { ...seconds, failure } : seconds);
    const record = await readRunRecord(run);
    if (record === null) return;
    await writeRunRecord({ ...record, status, device: this.#device, versions: this.#versionTexts(record.versions) });
  }

  /** On a full disk even the end cannot be written: what happened first is what the user must hear. */
  async #failed(failure: Failure): Promise<void> {
    await this.#end(this.hasStarted ? 'failed' : 'interrupted', failure).catch(() => undefined);
    if (this.hasStarted) this.#onEvent({ event: 'runFailed', run: this.#job.run, error: failure });
  }

  #versionTexts(known: Readonly<Record<string, string>>): Record<string, string> {
    if (this.#versions === null) return { ...known };
    const { libtorch, cuda } = this.#versions;
    return { ...known, libtorch, ...(cuda === null ? {} : { cuda }) };
  }

  #guard(work: () => void): void {
    if (this.#storeFailure !== null) return;
    try {
      work();
    } catch (error) {
      this.#storeFailure = error instanceof Error ? error : new Error(String(error));
      this.engine.stop();
    }
  }
}
