import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LookAnswer, LookQuestion } from '../../core/contract/look.ts';
import type { LookJob } from '../engine/messages.ts';
import { StayingEngine } from '../engine/staying-engine.ts';
import type { StayingSettings } from '../engine/staying-engine.ts';

/** A checkpoint that questions are about. */
export interface LookedCheckpoint extends Omit<LookJob, 'kind' | 'folder' | 'isInBackground'> {
  /** The same for the same weights only. */
  readonly key: string;
}

export interface LookSettings extends StayingSettings {
  /** Leave the processor to whoever else wants it. */
  readonly isInBackground?: boolean;
}

/** One engine that stays open for the checkpoint that is looked at. */
export class Looks {
  readonly #isInBackground: boolean;
  readonly #engine: StayingEngine;

  constructor({ isInBackground = false, ...settings }: LookSettings = {}) {
    this.#isInBackground = isInBackground;
    this.#engine = new StayingEngine(settings);
  }

  async ask<Question extends LookQuestion>(
    checkpoint: LookedCheckpoint,
    question: Question,
  ): Promise<LookAnswer<Question>> {
    const subject = { key: checkpoint.key, begin: () => this.#begin(checkpoint) };
    return (await this.#engine.ask(subject, question)).answer as LookAnswer<Question>;
  }

  /** The process that is open; null where there is none. */
  pid(): Promise<number | null> {
    return this.#engine.pid();
  }

  /** Resolves when the process is gone. What it was asked meanwhile is refused. */
  close(): Promise<void> {
    return this.#engine.close();
  }

  async #begin({ plan, device, checkpoint, weights }: LookedCheckpoint) {
    const folder = await mkdtemp(path.join(tmpdir(), 'torchwright-look-'));
    const isInBackground = this.#isInBackground;
    const job = { kind: 'look', plan, device, checkpoint, weights, folder, isInBackground } as const;
    return { job, gone: () => void rm(folder, { recursive: true, force: true }) };
  }
}
