import type { ProfileStep } from '../../core/contract/training.ts';
import { FailureError } from '../../core/failure.ts';
import { parseProject } from '../../core/project/parse.ts';
import type { ExplainedProfile } from '../../core/training/explain-choices.ts';
import { standardSteps } from '../../core/training/step-profile.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import { fail } from '../failures.ts';
import { startProfile } from '../training/start-profile.ts';
import type { RunningProfile } from '../training/start-profile.ts';

/** Profiles of a training step under way, each in an engine process of its own. None beside a training, which it would slow. */
export class Profiles {
  readonly #openEngine: OpenEngine;
  readonly #running = new Map<string, { readonly begun: Promise<RunningProfile>; isCancelled: boolean }>();

  constructor(openEngine: OpenEngine) {
    this.#openEngine = openEngine;
  }

  async take({ profile, projectText, device }: ProfileStep): Promise<ExplainedProfile> {
    if (this.#running.has(profile)) fail('inUse', `A profile ${profile} already.`, { at: 'training.profile' });
    const parsed = parseProject(projectText);
    if (!parsed.ok) throw new FailureError(parsed.failures[0]!);
    const begun = startProfile({ project: parsed.project, device, take: standardSteps, openEngine: this.#openEngine });
    const mine = { begun, isCancelled: false };
    this.#running.set(profile, mine);
    try {
      return await (
        await begun
      ).result;
    } catch (error) {
      if (mine.isCancelled) fail('cancelled', 'The profile was cancelled.');
      throw error;
    } finally {
      this.#running.delete(profile);
    }
  }

  /** At once. One that has ended needs no cancelling. */
  cancel(profile: string): void {
    const running = this.#running.get(profile);
    if (running === undefined) return;
    running.isCancelled = true;
    void running.begun.then(
      ({ engine }) => engine.kill(),
      () => undefined,
    );
  }

  /** A training wants the device. */
  cancelAll(): void {
    for (const profile of this.#running.keys()) this.cancel(profile);
  }
}
