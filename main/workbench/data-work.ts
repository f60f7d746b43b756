import type { DataProgress } from '../../core/contract/data.ts';
import { FailureError } from '../../core/failure.ts';
import type { Follower } from '../datasets/progress.ts';
import type { EventHub } from './event-hub.ts';

/** Fetching and reading data: what is under way, for all windows together. */
export class DataWork {
  readonly #events: EventHub;
  readonly #underway = new Map<string, Underway>();

  constructor(events: EventHub) {
    this.#events = events;
  }

  /** Begins the work, or joins that which is under way for the same thing. `key` may tell more than the name. */
  join<Outcome>(name: string, work: (follower: Follower) => Promise<Outcome>, key = name): Promise<Outcome> {
    const known = this.#underway.get(key);
    if (known !== undefined) return known.outcome as Promise<Outcome>;
    const controller = new AbortController();
    const onProgress: Follower['onProgress'] = (progress) => {
      if (controller.signal.aborted) return;
      underway.progress = { name, ...progress };
      this.#events.emit('dataProgress', underway.progress);
    };
    const underway: Underway = {
      progress: { name, stage: 'starting', done: 0, total: null },
      controller,
      outcome: Promise.resolve(),
    };
    this.#underway.set(key, underway);
    const outcome = work({ onProgress, signal: controller.signal }).finally(() => {
      this.#underway.delete(key);
      this.#events.emit('dataChanged', { name });
    });
    underway.outcome = outcome;
    return outcome;
  }

  progressOf(name: string): DataProgress | null {
    return this.#of(name)[0]?.progress ?? null;
  }

  cancel(name: string): void {
    const reason = new FailureError({ code: 'cancelled', message: `${name}: cancelled.` });
    for (const { controller } of this.#of(name)) controller.abort(reason);
  }

  #of(name: string): readonly Underway[] {
    return [...this.#underway.values()].filter(({ progress }) => progress.name === name);
  }
}

interface Underway {
  progress: DataProgress;
  readonly controller: AbortController;
  outcome: Promise<unknown>;
}
