import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { TrainingEvent } from '../../core/training/events.ts';
import type { Choice } from '../../core/training/explain-choices.ts';
import type { StepMachine } from '../../core/training/step-profile.ts';
import { EngineCrash, runInEngine } from '../engine/engine-host.ts';
import type { EnginePort } from '../engine/engine-host.ts';
import type { EngineInspection, JobReport, ToEngine, TrainingJob, TrainingReport } from '../engine/messages.ts';
import { failureOf } from '../failures.ts';
import { identityOf } from '../process-identity.ts';
import { writeInitialWeights } from '../runs/initial-weights.ts';
import { readRunRecord, recordChoices, writeRunRecord } from '../runs/run-folder.ts';
import type { RunIndex, StoredRunStatus } from '../runs/run-index.ts';
import { recordChanges } from './record-changes.ts';
import { RunRecorder } from './run-recorder.ts';

export interface SupervisedTraining {
  /** Rejects with a FailureError; where the training had begun, after the `runFailed` event. */
  readonly result: Promise<'finished' | 'interrupted'>;
  /** Whether the engine has begun: data and network were accepted. */
  hasStarted(): boolean;
  /** Whether `kill` ended it. */
  wasKilled(): boolean;
  /** Finish the step, save, end. */
  stop(): void;
  /** Pause, continue, watch. */
  post(message: ToEngine): void;
  /** At once. The run goes on later from its last checkpoint. */
  kill(): void;
}

/** Milliseconds. */
const beat = 10_000;

/** Who wants to hear of a training: every event once it is stored; mismatches where they were asked for. */
export interface TrainingListener {
  readonly onEvent: (event: TrainingEvent) => void;
  /** What was chosen for the training on this machine, and why. */
  readonly onChoices?: (choices: readonly Choice[]) => void;
  readonly onMismatches?: (report: Extract<TrainingReport, { type: 'mismatches' }>) => void;
}

export interface SupervisedListener extends TrainingListener {
  readonly explain: (machine: StepMachine) => readonly Choice[];
}

/** Has an engine process train, keeps the run's row and record true, and passes on what it tells. */
export function supervise(
  index: RunIndex,
  job: TrainingJob,
  { explain, ...listener }: SupervisedListener,
  port?: EnginePort,
): SupervisedTraining {
  const training = new Supervision(index, job, listener, explain, port);
  return {
    result: training.result,
    hasStarted: () => training.hasStarted,
    wasKilled: () => training.isKilled,
    stop: () => training.engine.post({ type: 'stop' }),
    post: (message) => training.engine.post(message),
    kill: () => training.kill(),
  };
}

class Supervision {
  readonly engine;
  readonly result: Promise<'finished' | 'interrupted'>;
  readonly #index: RunIndex;
  readonly #job: TrainingJob;
  readonly #listener: TrainingListener;
  readonly #explain: SupervisedListener['explain'];
  readonly #recorder: RunRecorder;
  readonly #heart;
  #versions: EngineInspection['versions'] | null = null;
  /** What went wrong on our side, as storing an event; the engine is then asked to stop. */
  #storeFailure: Error | null = null;
  isKilled = false;

  /** In files of the run's folder; one after another. */
  #recorded = Promise.resolve();

  constructor(
    index: RunIndex,
    job: TrainingJob,
    listener: TrainingListener,
    explain: SupervisedListener['explain'],
    port?: EnginePort,
  ) {
    this.#index = index;
    this.#job = job;
    this.#listener = listener;
    this.#explain = explain;
    this.#recorder = new RunRecorder(index, job.run, job.project);
    this.engine = runInEngine(job, (report) => this.#guard(() => this.#take(report)), port);
    this.#heart = setInterval(() => this.#guard(() => this.#index.beat(job.run)), beat);
    this.result = this.#watch();
  }

  get hasStarted(): boolean {
    return this.#recorder.state.started !== null;
  }

  kill(): void {
    this.isKilled = true;
    this.engine.kill();
  }

  async #watch(): Promise<'finished' | 'interrupted'> {
    try {
      const owners = await Promise.all([process.pid, await this.engine.pid].map(identityOf));
      this.#guard(() => this.#index.setOwners(this.#job.run, owners));
      const { state } = await this.engine.result;
      if (this.#storeFailure !== null) throw this.#storeFailure;
      await this.#end(state);
      return state;
    } catch (error) {
      if (this.isKilled) {
        await this.#end('interrupted');
        return 'interrupted';
      }
      // A full disk stops the storing first; the engine then only says that it was interrupted.
      const cause = this.#storeFailure ?? error;
      const failure = failureOf(cause);
      if (failure === null) throw cause;
      if (cause instanceof EngineCrash) this.#guard(() => this.#recorder.crashed(failure, cause.complaint));
      await this.#failed(failure);
      throw cause instanceof FailureError ? cause : new FailureError(failure);
    } finally {
      clearInterval(this.#heart);
    }
  }

  #take(report: JobReport): void {
    switch (report.type) {
      case 'versions':
        this.#versions = report.versions;
        return;
      case 'computedBy': {
        const { instructions, cpuCapability } = this.#versions ?? { instructions: [], cpuCapability: '' };
        const choices = this.#explain({ ...report.machine, instructions, cpuCapability });
        this.#record(() => recordChoices(this.#job.run, choices));
        this.#listener.onChoices?.(choices);
        return;
      }
      case 'restored':
        this.#index.epochs.replace(this.#job.run, report.epochs);
        return;
      case 'batchLosses':
        this.#index.metrics.addBatchLosses(this.#job.run, report.epoch, report.losses);
        return;
      case 'event':
        this.#store(report.event);
        this.#listener.onEvent(report.event);
        return;
      case 'mismatches':
        this.#listener.onMismatches?.(report);
        return;
      case 'rateFinding':
      case 'answered':
      case 'refused':
      case 'dataProgress':
        throw new Error(`a training that reports ${report.type}`);
    }
  }

  #store(event: TrainingEvent): void {
    this.#recorder.record(event);
    if (event.event === 'weightsTaken') {
      const { run, from, matched, missing, otherShape, unused, prefix } = event;
      const given = { unused, ...(prefix === undefined ? {} : { prefix }) };
      const report = { matched, missing, otherShape, ...given };
      this.#record(() => writeInitialWeights(run, { from, report, given }));
    }
    if (event.event === 'settingsChanged') this.#record(() => recordChanges(event.run, event.changes));
  }

  #record(write: () => Promise<void>): void {
    this.#recorded = this.#recorded.then(write).catch((error: unknown) => this.#storeFailed(error));
  }

  async #end(status: StoredRunStatus, failure?: Failure): Promise<void> {
    const { run } = this.#job;
    await this.#recorded;
    this.#recorder.flush();
    const { started, state, epochsPlanned } = this.#recorder.state;
    const seconds = 'seconds' in state ? { seconds: state.seconds } : {};
    this.#index.ended(run, status, failure ? { ...seconds, failure } : seconds);
    const record = await readRunRecord(run);
    if (record === null) return;
    const versions = this.#versionTexts(record.versions);
    const { epochs, device } = this.#job;
    await writeRunRecord({
      ...record,
      status,
      epochs: epochsPlanned ?? epochs,
      device: started?.device ?? device,
      versions,
    });
  }

  /** On a full disk even the end cannot be written: what happened first is what the user must hear. */
  async #failed(failure: Failure): Promise<void> {
    await this.#end(this.hasStarted ? 'failed' : 'interrupted', failure).catch(() => undefined);
    if (this.hasStarted) this.#listener.onEvent({ event: 'runFailed', run: this.#job.run, error: failure });
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
      this.#storeFailed(error);
    }
  }

  #storeFailed(error: unknown): void {
    this.#storeFailure ??= error instanceof Error ? error : new Error(String(error));
    this.engine.post({ type: 'stop' });
  }
}
