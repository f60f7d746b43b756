import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { failureOf } from '../failures.ts';
import { runInEngine } from './engine-host.ts';
import type { EngineRun, OpenEngine } from './engine-host.ts';
import type { AskedQuestion, StayingJob, StayingReport } from './messages.ts';

export interface StayingSettings {
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** Milliseconds without a question after which the engine ends. */
  readonly patience?: number;
}

/** What an engine stays open for. */
export interface StayingSubject {
  /** Another one ends the engine, and the next question opens another. */
  readonly key: string;
  /** Makes what the job needs; `gone` is told when its process has ended. */
  readonly begin: () => Promise<{ readonly job: StayingJob; readonly gone: () => void }>;
}

interface Opened {
  readonly engine: EngineRun<StayingJob['kind']>;
  readonly waiting: Map<number, Waiting>;
}

interface Waiting {
  readonly resolve: (answer: StayingReport & { readonly type: 'answered' }) => void;
  readonly reject: (failure: FailureError) => void;
}

/**
 * One engine that stays open to answer questions. Another subject or two minutes without a question end it; after a
 * crash the next question opens another.
 */
export class StayingEngine {
  readonly #settings: StayingSettings;
  #open: Promise<Opened> | null = null;
  #key = '';
  /** Counts what was opened and closed: what ends late does not end what came after it. */
  #turn = 0;
  #lastId = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: StayingSettings = {}) {
    this.#settings = settings;
  }

  async ask(subject: StayingSubject, question: AskedQuestion): Promise<StayingReport & { readonly type: 'answered' }> {
    if (this.#open === null || this.#key !== subject.key) {
      // At once, so that who asks next finds it.
      const closed = this.close();
      const turn = ++this.#turn;
      this.#key = subject.key;
      this.#open = closed.then(() => this.#begin(subject, turn));
      this.#open.catch(() => {
        if (turn === this.#turn) this.#open = null;
      });
    }
    const { engine, waiting } = await this.#open;
    clearTimeout(this.#timer);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      engine.post({ type: 'ask', id, question });
    });
  }

  /** The process that is open; null where there is none. */
  async pid(): Promise<number | null> {
    return (await this.#open)?.engine.pid ?? null;
  }

  /** Resolves when the process is gone. What it was asked meanwhile is refused. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const opening = this.#open;
    this.#open = null;
    this.#turn += 1;
    const open = await opening?.catch(() => null);
    if (!open) return;
    open.engine.post({ type: 'stop' });
    await open.engine.result.catch(() => null);
  }

  async #begin(subject: StayingSubject, turn: number): Promise<Opened> {
    const { job, gone: clean } = await subject.begin();
    const waiting = new Map<number, Waiting>();
    const report = (message: StayingReport): void => {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (waiting.size === 0 && turn === this.#turn) this.#beginIdling();
      if (message.type === 'answered') asked?.resolve(message);
      else asked?.reject(new FailureError(message.failure));
    };
    const engine = runInEngine(
      job,
      (message) => {
        if (message.type === 'answered' || message.type === 'refused') report(message);
      },
      this.#settings.openEngine?.(),
    );
    const gone = (failure: Failure): void => {
      if (turn === this.#turn) {
        this.#open = null;
        clearTimeout(this.#timer);
      }
      for (const { reject } of waiting.values()) reject(new FailureError(failure));
      waiting.clear();
      clean();
    };
    void engine.result.then(
      () => gone(ended),
      (error: unknown) => gone(failureOf(error) ?? ended),
    );
    return { engine, waiting };
  }

  #beginIdling(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.close(), this.#settings.patience ?? 120_000);
    this.#timer.unref();
  }
}

const ended: Failure = {
  code: 'unavailable',
  message: 'The engine switched to another request before it answered.',
  advice: 'Try again.',
};
