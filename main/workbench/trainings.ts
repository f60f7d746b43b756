import type {
  EngineCrashed,
  LiveRun,
  ResumeTraining,
  RunOrigin,
  StartTraining,
  WatchedEvent,
} from '../../core/contract/training.ts';
import type { Failure } from '../../core/failure.ts';
import { parseProject } from '../../core/project/parse.ts';
import type { TrainingChanges, TrainingEvent } from '../../core/training/events.ts';
import { FailureError } from '../../core/failure.ts';
import { EngineCrash } from '../engine/engine-host.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { unexpectedFailure } from '../unexpected-error.ts';
import { fail, failureOf } from '../failures.ts';
import { readCheckpointIndex } from '../runs/checkpoint-index.ts';
import { checkpointsFolder, readRunProject } from '../runs/run-folder.ts';
import type { RunIndex } from '../runs/run-index.ts';
import { resumeTraining, startTraining } from '../training/train-project.ts';
import type { Training } from '../training/train-project.ts';
import type { TrainingListener } from '../training/supervise.ts';
import type { EventHub } from './event-hub.ts';
import { LiveTraining } from './live-training.ts';

/** The trainings of this process: started, steered, and told to whoever listens. */
export class Trainings {
  readonly #index: RunIndex;
  readonly #openEngine: OpenEngine;
  readonly #events: EventHub;
  readonly #live = new Map<string, LiveTraining>();
  readonly #changed = new Set<() => void>();
  /** Of the runs that were begun here: the documents that they were begun from. */
  readonly #documents = new Map<string, string>();

  constructor(index: RunIndex, openEngine: OpenEngine, events: EventHub) {
    this.#index = index;
    this.#openEngine = openEngine;
    this.#events = events;
  }

  async start(given: StartTraining): Promise<string> {
    const { projectText, device, threads, seed, from, fromEntry: entry, allowFreshFrozen = false } = given;
    const { document = null } = given;
    const parsed = parseProject(projectText);
    if (!parsed.ok) throw new FailureError(parsed.failures[0]!);
    const project =
      seed === undefined ? parsed.project : { ...parsed.project, recipe: { ...parsed.project.recipe, seed } };
    const chosen = {
      ...(threads === undefined ? {} : { threads }),
      ...(from === undefined ? {} : { weights: { from, ...(entry === undefined ? {} : { entry }) } }),
      allowFreshFrozen,
    };
    const settings = { device, openEngine: this.#openEngine, ...chosen };
    const origin = { project: project.name, document };
    return this.#follow(origin, false, (listener) => startTraining(this.#index, project, settings, listener));
  }

  async resume({ run, device, epochs, data }: ResumeTraining): Promise<string> {
    const row = (await this.#index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
    const settings = {
      openEngine: this.#openEngine,
      ...(device === undefined ? {} : { device }),
      ...(epochs === undefined ? {} : { epochs }),
      ...(data === undefined ? {} : { resumedData: data }),
    };
    const origin = { project: row.project, document: this.#documents.get(run) ?? null };
    return this.#follow(origin, true, (listener) => resumeTraining(this.#index, row, settings, listener));
  }

  pause(run: string): void {
    this.#named(run).pause();
  }

  continue(run: string, changes: TrainingChanges): void {
    this.#named(run).continue(changes);
  }

  stop(run: string): void {
    this.#named(run).stop();
  }

  kill(run: string): void {
    this.#named(run).kill();
  }

  watchMismatches(run: string, limit: number): void {
    this.#named(run).watchMismatches(limit);
  }

  active(): readonly LiveRun[] {
    return [...this.#live.values()].map((training) => training.state());
  }

  isActive(run: string): boolean {
    return this.#live.has(run);
  }

  /** `listener` is told whenever a training has begun or ended. */
  onChanged(listener: () => void): void {
    this.#changed.add(listener);
  }

  /** Saves and stops all; resolves when they have ended. */
  async stopAll(): Promise<void> {
    const all = [...this.#live.values()];
    for (const training of all) training.stop();
    await Promise.all(all.map(({ ended }) => ended));
  }

  async #follow(
    origin: RunOrigin,
    isResumed: boolean,
    begin: (listener: TrainingListener) => Promise<Training>,
  ): Promise<string> {
    let take = (event: TrainingEvent): void => void early.push(event);
    const early: TrainingEvent[] = [];
    const training = await begin({
      onEvent: (event) => take(event),
      onMismatches: ({ epoch, mismatches }) => {
        const { run, classNames, inputShape } = training;
        this.#events.emit('mismatches', { run, epoch, classNames, inputShape, ...mismatches });
      },
    });
    const { run } = training;
    if (origin.document !== null) this.#documents.set(run, origin.document);
    const live = new LiveTraining(training, origin, await readRunProject(run), () => this.#index.epochs.of(run));
    this.#live.set(run, live);
    live.ended = this.#end(training);
    this.#tell({ event: 'runStarting', run, ...origin, isResumed });
    this.#runsChanged(run);
    take = (event) => {
      live.take(event);
      this.#tell(event);
    };
    early.forEach(take);
    return run;
  }

  async #end(training: Training): Promise<void> {
    const { run } = training;
    const last = await training.result.then(
      (state): WatchedEvent | null =>
        state === 'interrupted' && training.wasKilled() ? { event: 'runKilled', run } : null,
      (error: unknown) => this.#lastWord(training, error),
    );
    this.#live.delete(run);
    if (last !== null) this.#tell(last);
    this.#runsChanged(run);
  }

  /** What is still to be said of a training that failed; `runFailed` has gone out already. */
  async #lastWord(training: Training, error: unknown): Promise<WatchedEvent | null> {
    const { run } = training;
    const failure = failureOf(error) ?? (await unexpectedFailure(error));
    if (!training.hasStarted()) return { event: 'runRefused', run, error: failure };
    return error instanceof EngineCrash ? crashed(run, failure, error.complaint) : null;
  }

  #tell(event: WatchedEvent): void {
    this.#events.emit('training', event);
    if (isOfInterest(event)) this.#runsChanged(event.run);
  }

  #runsChanged(run: string): void {
    this.#events.emit('runsChanged', { runs: [run] });
    for (const listener of this.#changed) listener();
  }

  #named(run: string): LiveTraining {
    return this.#live.get(run) ?? fail('notFound', `The run ${run} is not being trained here.`, { at: run });
  }
}

/** Events after which the run's row looks different. */
function isOfInterest({ event }: WatchedEvent): boolean {
  const changing = ['runStarted', 'runPaused', 'runContinued', 'epochFinished', 'settingsChanged'];
  return changing.includes(event);
}

async function crashed(run: string, error: Failure, complaint: string): Promise<EngineCrashed> {
  const checkpoint = await readCheckpointIndex(checkpointsFolder(run)).catch(() => null);
  const last = checkpoint && { epoch: checkpoint.last.epoch, step: checkpoint.last.step };
  return { event: 'engineCrashed', run, error, complaint, checkpoint: last };
}
