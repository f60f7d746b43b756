import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LookAnswer, LookQuestion } from '../../core/contract/look.ts';
import { FailureError } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { runInEngine } from '../engine/engine-host.ts';
import type { EngineRun, OpenEngine } from '../engine/engine-host.ts';
import type { LookJob, LookReport } from '../engine/messages.ts';
import { failureOf } from '../failures.ts';

/** A checkpoint that questions are about. */
export interface LookedCheckpoint extends Omit<LookJob, 'kind' | 'folder' | 'isInBackground'> {
  /** The same for the same weights only. */
  readonly key: string;
}

interface OpenLook {
  readonly engine: EngineRun<'look'>;
  readonly waiting: Map<number, Waiting>;
}

interface Waiting {
  readonly resolve: (answer: LookAnswer<LookQuestion>) => void;
  readonly reject: (failure: FailureError) => void;
}

export interface LookSettings {
  /** Absent: a forked Node. */
  readonly openEngine?: OpenEngine;
  /** Leave the processor to whoever else wants it. */
  readonly isInBackground?: boolean;
  /** Milliseconds without a question after which the engine ends. */
  readonly patience?: number;
}

/**
 * One engine that stays open for the checkpoint that is looked at. Another checkpoint or two minutes without a question
 * end it; after a crash the next question opens another.
 */
export class Looks {
  readonly #settings: LookSettings;
  #open: Promise<OpenLook> | null = null;
  #key = '';
  /** Counts what was opened and closed: what ends late does not end what came after it. */
  #turn = 0;
  #lastId = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: LookSettings = {}) {
    this.#settings = settings;
  }

  async ask<Question extends LookQuestion>(
    checkpoint: LookedCheckpoint,
    question: Question,
  ): Promise<LookAnswer<Question>> {
    if (this.#open === null || this.#key !== checkpoint.key) {
      // At once, so that who asks next finds it.
      const closed = this.close();
      const turn = ++this.#turn;
      this.#key = checkpoint.key;
      this.#open = closed.then(() => this.#begin(checkpoint, turn));
      this.#open.catch(() => {
        if (turn === this.#turn) this.#open = null;
      });
    }
    const { engine, waiting } = await this.#open;
    clearTimeout(this.#timer);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
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

  async #begin({ plan, device, checkpoint, weights }: LookedCheckpoint, turn: number): Promise<OpenLook> {
    const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-look-'));
    const waiting = new Map<number, Waiting>();
    const report = (message: LookReport): void => {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (waiting.size === 0 && turn === this.#turn) this.#beginIdling();
      if (message.type === 'answered') asked?.resolve(message.answer);
      else asked?.reject(new FailureError(message.failure));
    };
    const { isInBackground = false } = this.#settings;
    const engine = runInEngine(
      { kind: 'look', plan, device, checkpoint, weights, folder, isInBackground },
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
      void rm(folder, { recursive: true, force: true });
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
  message: 'The engine turned to something else before it had answered.',
  advice: 'Ask again.',
};
