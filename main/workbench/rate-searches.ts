import { FailureError } from '../../core/failure.ts';
import type { FindRate } from '../../core/contract/training.ts';
import { parseProject } from '../../core/project/parse.ts';
import type { RateFinding } from '../../core/training/rate-finder.ts';
import type { EngineRun, OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';
import type { RunIndex } from '../runs/run-index.ts';
import { startFindingRate } from '../training/start-finding-rate.ts';
import type { RateSearch } from '../training/start-finding-rate.ts';
import type { EventHub } from './event-hub.ts';

/** Searches for a learning rate under way, each in an engine process of its own. */
export class RateSearches {
  readonly #index: RunIndex;
  readonly #openEngine: OpenEngine;
  readonly #events: EventHub;
  readonly #engines = new Map<string, EngineRun<'findRate'>>();

  constructor(index: RunIndex, openEngine: OpenEngine, events: EventHub) {
    this.#index = index;
    this.#openEngine = openEngine;
    this.#events = events;
  }

  async find({ search, subject, sweep, device }: FindRate): Promise<RateFinding> {
    if (this.#engines.has(search)) fail('inUse', `A search ${search} already.`, { at: 'training.findRate' });
    const settings = { subject: await this.#subject(subject), sweep, device, openEngine: this.#openEngine };
    const engine = await startFindingRate(settings, (finding) => this.#events.emit('rateFinding', { search, finding }));
    this.#engines.set(search, engine);
    try {
      return await engine.result;
    } finally {
      this.#engines.delete(search);
    }
  }

  /** One that has ended needs no stopping. */
  stop(search: string): void {
    this.#engines.get(search)?.post({ type: 'stop' });
  }

  async #subject(subject: FindRate['subject']): Promise<RateSearch['subject']> {
    if ('run' in subject) {
      const { run } = subject;
      return { run: (await this.#index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run }) };
    }
    const parsed = parseProject(subject.projectText);
    if (!parsed.ok) throw new FailureError(parsed.failures[0]!);
    return { project: parsed.project };
  }
}
